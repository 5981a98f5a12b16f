package io.sshpool.impl.config;

import io.sshpool.spi.Target;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The settings of one target: its own, else those of an ssh_config, else the defaults. */
final class TargetSettings {

    static final String TARGET = "sshpool.target.";
    static final String DEFAULTS = "sshpool.defaults.";

    static final String HOST = "host";
    static final String PORT = "port";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String PRIVATE_KEY = "private-key";
    static final String PASSPHRASE = "private-key-passphrase";
    static final String CERTIFICATE = "certificate";
    static final String AGENT = "agent";
    static final String KNOWN_HOSTS = "known-hosts";
    static final String CHECKING = "host-key-checking";
    static final String FINGERPRINT = "host-key-fingerprint";
    static final String LEGACY_ALGORITHMS = "legacy-algorithms";
    static final String PROXY_JUMP = "proxy-jump";
    static final String REQUIRED = "required";
    static final String MAX_CONNECTIONS = "max-connections";
    static final String MAX_CHANNELS = "max-channels-per-connection";
    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String COMMAND_TIMEOUT = "command-timeout";
    static final String KEEP_ALIVE_INTERVAL = "keep-alive-interval";
    static final String KEEP_ALIVE_COUNT_MAX = "keep-alive-count-max";

    static final Set<String> NAMES = Set.of(
            HOST,
            PORT,
            USER,
            PASSWORD,
            PRIVATE_KEY,
            PASSPHRASE,
            CERTIFICATE,
            AGENT,
            KNOWN_HOSTS,
            CHECKING,
            FINGERPRINT,
            LEGACY_ALGORITHMS,
            PROXY_JUMP,
            REQUIRED,
            MAX_CONNECTIONS,
            MAX_CHANNELS,
            CONNECT_TIMEOUT,
            COMMAND_TIMEOUT,
            KEEP_ALIVE_INTERVAL,
            KEEP_ALIVE_COUNT_MAX);

    private final Lookup lookup;
    private final String prefix;
    private final Map<String, String> sshConfig;

    private TargetSettings(Lookup lookup, String prefix, Map<String, String> sshConfig) {
        this.lookup = lookup;
        this.prefix = prefix;
        this.sshConfig = sshConfig;
    }

    /**
     * Those of a target.
     *
     * @param sshConfig the keys under which the look-up has what an ssh_config says, by setting
     */
    static TargetSettings of(String alias, Lookup lookup, Map<String, String> sshConfig) {
        return new TargetSettings(lookup, TARGET + alias + ".", sshConfig);
    }

    static TargetSettings defaults(Lookup lookup) {
        return new TargetSettings(lookup, DEFAULTS, Map.of());
    }

    /** The target's own key of a setting, for messages. */
    String key(String setting) {
        return prefix + setting;
    }

    /** The key that decides, if any is set. */
    Optional<String> decidingKey(String setting) {
        return ownKey(setting).or(() -> Optional.of(DEFAULTS + setting).filter(lookup::isSet));
    }

    /** The key that decides, the defaults left out. */
    private Optional<String> ownKey(String setting) {
        return Optional.of(key(setting)).filter(lookup::isSet).or(() -> Optional.ofNullable(sshConfig.get(setting)));
    }

    boolean isSet(String setting) {
        return decidingKey(setting).isPresent();
    }

    <T> Optional<T> value(String setting, Form<T> form) {
        return decidingKey(setting).flatMap(key -> lookup.value(key, form));
    }

    /** A host is a target's own: there is none to share. */
    Optional<String> host() {
        return ownKey(HOST).flatMap(key -> lookup.value(key, Forms::host));
    }

    boolean hasHost() {
        return ownKey(HOST).isPresent();
    }

    boolean truth(String setting) {
        return value(setting, Forms::truth).orElse(false);
    }

    Optional<Secret> secret(String setting) {
        return decidingKey(setting).filter(key -> lookup.text(key).isPresent()).map(lookup::secret);
    }

    Target.Limits limits() {
        return new Target.Limits(
                number(MAX_CONNECTIONS, Forms::atLeastOne),
                number(MAX_CHANNELS, Forms::atLeastOne),
                value(CONNECT_TIMEOUT, Forms::positiveDuration),
                value(COMMAND_TIMEOUT, Forms::positiveDuration),
                value(KEEP_ALIVE_INTERVAL, Forms::positiveDuration),
                number(KEEP_ALIVE_COUNT_MAX, Forms::atLeastTwo));
    }

    private OptionalInt number(String setting, Form<Integer> form) {
        return value(setting, form).map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
