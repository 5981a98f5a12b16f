package io.sshpool.impl.config;

import io.sshpool.PoolConfig;
import io.sshpool.SshConfigException;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Credential;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** Reads the pool's settings from MicroProfile Config. Immutable, and so thread-safe if the check is. */
public final class ConfigReader {

    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]+");

    private final Config config;
    private final Function<Credential, Optional<String>> check;
    private final boolean needsCredentials;
    private final boolean needsTrust;

    /**
     * A reader of a configuration.
     *
     * @param config the application's
     * @param check says what is wrong with a credential, without showing it; empty when nothing is
     */
    public ConfigReader(Config config, Function<Credential, Optional<String>> check) {
        this(Objects.requireNonNull(config, "config"), Objects.requireNonNull(check, "check"), true, true);
    }

    private ConfigReader(
            Config config, Function<Credential, Optional<String>> check, boolean needsCredentials, boolean needsTrust) {
        this.config = config;
        this.check = check;
        this.needsCredentials = needsCredentials;
        this.needsTrust = needsTrust;
    }

    /**
     * For an application that brings its own {@code CredentialProvider}: a target may lack a credential, and none is looked at.
     *
     * @return a copy
     */
    public ConfigReader withoutNeedOfCredentials() {
        return new ConfigReader(config, check, false, needsTrust);
    }

    /**
     * For an application that brings its own {@code HostKeyPolicy}: a target may lack known_hosts and fingerprint, and no such file is
     * looked at.
     *
     * @return a copy
     */
    public ConfigReader withoutNeedOfTrust() {
        return new ConfigReader(config, check, needsCredentials, false);
    }

    /**
     * Reads and checks everything, the files named included.
     *
     * @return valid settings
     * @throws SshConfigException with every problem, key and reason each, and no secret; keys that nobody knows are listed after
     *     them, as a misspelt key is often the reason
     */
    public Settings read() {
        return new Reading().read();
    }

    /** Whether a text may be the name of a target. */
    static boolean isAlias(String text) {
        return ALIAS.matcher(text).matches();
    }

    /** One reading under way. */
    private final class Reading {
        private final Problems problems = new Problems();
        private final Lookup lookup = new Lookup(config, problems);
        private final SshConfig sshConfig = SshConfig.read(lookup, problems);
        private final TrustReader trusts = new TrustReader(problems);
        private final CredentialReader credentials = new CredentialReader(lookup, problems, check);
        private final Map<String, Secrets> secrets = new LinkedHashMap<>();

        private Settings read() {
            PoolConfig pool = PoolKey.read(lookup);
            problems.addAll(pool.problems());
            Set<Switch> on = Switch.read(lookup);
            Keys keys = Keys.of(PropertyNames.written(config));
            SortedSet<String> aliases = aliases(keys);
            TargetSettings own = TargetSettings.defaults(lookup);
            TargetDefaults direct = defaults(own);
            Secrets defaultSecrets = secrets(own);
            checkSpelledOut(own, direct.trust(), aliases.isEmpty());
            Jumps jumps = new Jumps(lookup, sshConfig, problems, aliases, pool.maxConnections());
            aliases.forEach(alias -> target(alias).ifPresent(jumps::add));
            List<Target> targets = jumps.link();
            TargetDefaults defaults = direct.through(jumps.ofSpelledOut());
            if (!problems.isEmpty()) {
                problems.addAll(keys.warnings());
                throw new SshConfigException(problems.list());
            }
            return new Settings(
                    pool,
                    targets,
                    defaults,
                    new ConfiguredCredentials(secrets, defaultSecrets),
                    on,
                    keys.warnings(),
                    sshConfig.notTaken());
        }

        private SortedSet<String> aliases(Keys keys) {
            SortedSet<String> aliases = new TreeSet<>(keys.aliases());
            aliases.addAll(lookup.value(Keys.TARGETS, Forms::names).orElse(List.of()));
            aliases.addAll(sshConfig.aliases());
            aliases.removeIf(alias -> {
                boolean malformed = !isAlias(alias);
                if (malformed) {
                    problems.add(
                            TargetSettings.TARGET + Text.printable(alias, 64),
                            "is no name for a target: letters, digits, _ and - only");
                }
                return malformed;
            });
            return aliases;
        }

        private TargetDefaults defaults(TargetSettings own) {
            if (own.isSet(TargetSettings.HOST)) {
                problems.add(own.key(TargetSettings.HOST), "cannot be: each target has a host of its own");
            }
            own.value(TargetSettings.USER, Forms::user);
            own.truth(TargetSettings.REQUIRED);
            Trust trust = trusts.read(own);
            if (needsTrust) {
                trusts.check(trust, own);
            }
            return new TargetDefaults(
                    own.value(TargetSettings.PORT, Forms::port).orElse(TargetDefaults.NONE.port()),
                    trust,
                    own.limits(),
                    own.truth(TargetSettings.LEGACY_ALGORITHMS));
        }

        /** What the defaults would do to a key that comes from user input. */
        private void checkSpelledOut(TargetSettings own, Trust trust, boolean noAliases) {
            boolean narrowed = lookup.isSet(PoolKey.PREFIX + PoolKey.ALLOWED_HOSTS);
            if (trust.checking() != Trust.Checking.STRICT && !narrowed) {
                problems.add(
                        PoolKey.PREFIX + PoolKey.ALLOWED_HOSTS,
                        "is missing: " + own.key(TargetSettings.CHECKING)
                                + " trusts unknown hosts, so a spelled-out key could carry the default credential anywhere");
            }
            boolean forSpelledOut = noAliases || narrowed;
            boolean hasCredential = credentials.hasOne(own);
            if (needsTrust && forSpelledOut && hasCredential) {
                trusts.checkTrustsSomebody(trust, own);
            }
        }

        private Optional<Target> target(String alias) {
            TargetSettings settings = sshConfig.settings(alias);
            Trust trust = trusts.read(settings);
            if (needsTrust) {
                trusts.check(trust, settings);
                trusts.checkTrustsSomebody(trust, settings);
            }
            secrets.put(alias, secrets(settings));
            if (needsCredentials) {
                credentials.checkHasOne(settings);
            }
            Target.Limits limits = settings.limits();
            int port = settings.value(TargetSettings.PORT, Forms::port).orElse(TargetDefaults.NONE.port());
            boolean legacy = settings.truth(TargetSettings.LEGACY_ALGORITHMS);
            boolean required = settings.truth(TargetSettings.REQUIRED);
            Optional<String> host = present(settings, TargetSettings.HOST, settings.host());
            Optional<String> user =
                    present(settings, TargetSettings.USER, settings.value(TargetSettings.USER, Forms::user));
            return host.flatMap(
                    h -> user.map(u -> new Target(alias, true, u, h, port, trust, limits, legacy, required)));
        }

        /** Those that the application does without are not looked at: they may be those of another machine. */
        private Secrets secrets(TargetSettings settings) {
            return needsCredentials ? credentials.read(settings) : Secrets.NONE;
        }

        private Optional<String> present(TargetSettings settings, String setting, Optional<String> value) {
            boolean meant = setting.equals(TargetSettings.HOST) ? settings.hasHost() : settings.isSet(setting);
            if (!meant) {
                problems.add(settings.key(setting), "is missing");
            }
            return value;
        }
    }
}
