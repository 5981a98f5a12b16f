package io.sshpool.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where to connect and as whom. Immutable, and free of secrets: those come from the {@link CredentialProvider}.
 *
 * @param name the alias, or {@code user@host:port}; the identity of the target within a pool
 * @param alias whether the name is an alias of the configuration
 * @param user the remote user
 * @param host a host name in lower case, or an IP address without brackets
 * @param port 1 to 65535
 * @param trust how the host's key is checked
 * @param limits what differs from the pool's settings
 * @param legacyAlgorithms whether ssh-rsa, CBC and hmac-sha1 are allowed for this host
 * @param required whether one connection is kept, and readiness depends on it
 * @param jump the target through whose connections it is reached; empty for a direct one
 */
public record Target(
        String name,
        boolean alias,
        String user,
        String host,
        int port,
        Trust trust,
        Limits limits,
        boolean legacyAlgorithms,
        boolean required,
        Optional<Target> jump) {

    /** Checks that nothing is null. */
    public Target {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(trust, "trust");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(jump, "jump");
    }

    /**
     * A target that is reached directly.
     *
     * @param name the alias, or {@code user@host:port}
     * @param alias whether the name is an alias
     * @param user the remote user
     * @param host a host name in lower case, or an IP address without brackets
     * @param port 1 to 65535
     * @param trust how the host's key is checked
     * @param limits what differs from the pool's settings
     * @param legacyAlgorithms whether weak algorithms are allowed
     * @param required whether one connection is kept
     */
    public Target(
            String name,
            boolean alias,
            String user,
            String host,
            int port,
            Trust trust,
            Limits limits,
            boolean legacyAlgorithms,
            boolean required) {
        this(name, alias, user, host, port, trust, limits, legacyAlgorithms, required, Optional.empty());
    }

    /**
     * The same, reached through another target.
     *
     * @param host the jump host
     * @return a copy
     */
    public Target through(Target host) {
        return new Target(
                name, alias, user, this.host, port, trust, limits, legacyAlgorithms, required, Optional.of(host));
    }

    /**
     * What identifies the server, whoever logs in: host and port.
     *
     * @return {@code host:port}, an IPv6 address in brackets
     */
    public String server() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * How the target is labelled where the number of labels must be bounded.
     *
     * @return the alias, or {@code other} for a spelled-out target
     */
    public String label() {
        return alias ? name : "other";
    }

    /**
     * What differs from the pool's settings.
     *
     * @param maxConnections empty for {@code max-connections-per-target}
     * @param maxChannelsPerConnection empty for the pool's
     * @param connectTimeout empty for the pool's
     * @param commandTimeout empty for the pool's
     * @param keepAliveInterval empty for the pool's
     * @param keepAliveCountMax at least 2; empty for the pool's
     */
    public record Limits(
            OptionalInt maxConnections,
            OptionalInt maxChannelsPerConnection,
            Optional<Duration> connectTimeout,
            Optional<Duration> commandTimeout,
            Optional<Duration> keepAliveInterval,
            OptionalInt keepAliveCountMax) {

        /** The pool's settings. */
        public static final Limits NONE = new Limits(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());

        /**
         * Checks.
         *
         * @throws IllegalArgumentException when {@code keepAliveCountMax} is less than 2: with 1 the first heartbeat would end the connection
         */
        public Limits {
            Objects.requireNonNull(maxConnections, "maxConnections");
            Objects.requireNonNull(maxChannelsPerConnection, "maxChannelsPerConnection");
            Objects.requireNonNull(connectTimeout, "connectTimeout");
            Objects.requireNonNull(commandTimeout, "commandTimeout");
            Objects.requireNonNull(keepAliveInterval, "keepAliveInterval");
            Objects.requireNonNull(keepAliveCountMax, "keepAliveCountMax");
            if (keepAliveCountMax.orElse(2) < 2) {
                throw new IllegalArgumentException(
                        "keepAliveCountMax must be at least 2, is " + keepAliveCountMax.getAsInt());
            }
        }
    }
}
