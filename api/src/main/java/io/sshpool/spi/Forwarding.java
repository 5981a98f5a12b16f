package io.sshpool.spi;

import java.util.Objects;

/**
 * What a tunnel shall do.
 *
 * @param direction who listens
 * @param bindHost where it listens
 * @param bindPort on which port, 0 for a free one
 * @param host where its connections go; empty when each says so itself
 * @param port on which port; 0 when each says so itself
 */
public record Forwarding(Direction direction, String bindHost, int bindPort, String host, int port) {

    private static final int LARGEST_PORT = 65535;

    /** Who listens. */
    public enum Direction {
        /** This machine; the target connects. */
        LOCAL,
        /** The target; this machine connects. */
        REMOTE,
        /** This machine, as a SOCKS proxy; the target connects. */
        DYNAMIC
    }

    /** Checks hosts and ports. */
    public Forwarding {
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(host, "host");
        if (Objects.requireNonNull(bindHost, "bindHost").isEmpty()) {
            throw new IllegalArgumentException("say on which address to listen: 127.0.0.1 for this machine only");
        }
        boolean fixed = direction != Direction.DYNAMIC;
        if (bindPort < 0 || bindPort > LARGEST_PORT || fixed && (port < 1 || port > LARGEST_PORT || host.isEmpty())) {
            throw new IllegalArgumentException("a tunnel listens on port 0 to 65535, and leads to a host and a port");
        }
    }
}
