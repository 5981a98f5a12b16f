package io.sshpool.impl.config;

import io.sshpool.impl.config.SshConfigEntry.Place;
import io.sshpool.impl.pool.TargetDefaults;
import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a file in OpenSSH's format says of targets: for each what {@code ssh} with its name would take from that file. Nothing else
 * that ssh has by default is taken: no user, no key, no known_hosts.
 */
final class SshConfig {

    static final String KEY = "sshpool.ssh-config";

    private static final String PUBLIC = ".pub";

    private final Lookup lookup;
    private final NotTaken notTaken = new NotTaken();
    private final List<SshConfigEntry> entries;
    private final Map<String, Place> names;

    private SshConfig(Lookup lookup, Problems problems, Optional<Path> file) {
        this.lookup = lookup;
        SshConfigReader reader = new SshConfigReader(problems, notTaken);
        file.ifPresent(path -> reader.read(KEY, path.toAbsolutePath().normalize()));
        entries = reader.entries();
        names = reader.names();
    }

    /** The file of the configuration, if it names one. */
    static SshConfig read(Lookup lookup, Problems problems) {
        SshConfig config = new SshConfig(lookup, problems, lookup.value(KEY, Forms::path));
        config.names.forEach((name, place) -> {
            if (!ConfigReader.isAlias(name)) {
                config.notTaken.add("Host " + name + ", no name for a target", place);
            }
        });
        return config;
    }

    /** The targets that it names. */
    SortedSet<String> aliases() {
        SortedSet<String> aliases = new TreeSet<>(names.keySet());
        aliases.removeIf(name -> !ConfigReader.isAlias(name));
        return aliases;
    }

    /** What it says that is not taken, a line for each file. */
    List<String> notTaken() {
        return notTaken.lines();
    }

    /** The settings of a target, those of the file between its own and the defaults. */
    TargetSettings settings(String alias) {
        return new Resolution(alias).settings();
    }

    /** One target under way. */
    private final class Resolution {
        private final String alias;
        private final List<SshConfigEntry> mine;
        private final Map<String, String> keys = new HashMap<>();
        private final TargetSettings settings;

        Resolution(String alias) {
            this.alias = alias;
            mine = entries.stream().filter(entry -> entry.isOf(alias)).toList();
            settings = TargetSettings.of(alias, lookup, keys);
        }

        TargetSettings settings() {
            host();
            take(SshConfigKeyword.PORT, TargetSettings.PORT);
            take(SshConfigKeyword.USER, TargetSettings.USER);
            takeUnlessZero(SshConfigKeyword.CONNECT_TIMEOUT, TargetSettings.CONNECT_TIMEOUT);
            takeUnlessZero(SshConfigKeyword.SERVER_ALIVE_INTERVAL, TargetSettings.KEEP_ALIVE_INTERVAL);
            takeUnlessZero(SshConfigKeyword.SERVER_ALIVE_COUNT_MAX, TargetSettings.KEEP_ALIVE_COUNT_MAX);
            first(SshConfigKeyword.PROXY_JUMP).ifPresent(this::jump);
            take(SshConfigKeyword.STRICT_HOST_KEY_CHECKING, TargetSettings.CHECKING);
            Files of = new Files();
            of.take(first(SshConfigKeyword.USER_KNOWN_HOSTS_FILE).stream(), TargetSettings.KNOWN_HOSTS, "", false);
            first(SshConfigKeyword.IDENTITY_AGENT).ifPresent(of::agent);
            of.take(all(SshConfigKeyword.IDENTITY_FILE), TargetSettings.PRIVATE_KEY, Secret.FILE, hasAgent());
            of.take(all(SshConfigKeyword.CERTIFICATE_FILE), TargetSettings.CERTIFICATE, Secret.FILE, false);
            first(SshConfigKeyword.IDENTITIES_ONLY).ifPresent(this::identitiesOnly);
            return settings;
        }

        private void host() {
            Optional<SshConfigEntry> entry = first(SshConfigKeyword.HOST_NAME);
            if (entry.isPresent()) {
                String text = entry.get().arguments().get(0);
                give(
                        TargetSettings.HOST,
                        entry.get().key(),
                        SshConfigTokens.expand(text, Map.of("%", "%", "h", alias)));
            } else if (names.containsKey(alias)) {
                give(TargetSettings.HOST, names.get(alias) + " Host", alias);
            }
        }

        private boolean hasAgent() {
            return settings.value(TargetSettings.AGENT, text -> text)
                    .filter(text -> !text.equals("false"))
                    .isPresent();
        }

        /** A private key that is there needs no agent, whose other keys must not be shown. */
        private void identitiesOnly(SshConfigEntry entry) {
            boolean isPrivate = keys.containsKey(TargetSettings.PRIVATE_KEY)
                    && !lookup.text(keys.get(TargetSettings.PRIVATE_KEY))
                            .orElse("")
                            .endsWith(PUBLIC);
            if (isPrivate && Boolean.parseBoolean(entry.arguments().get(0)) && keys.containsKey(TargetSettings.AGENT)) {
                give(TargetSettings.AGENT, entry.key(), "false");
            }
        }

        private void take(SshConfigKeyword keyword, String setting) {
            first(keyword)
                    .ifPresent(entry ->
                            give(setting, entry.key(), entry.arguments().get(0)));
        }

        /** To ssh none is no value, so that a later one counts; zero is one, and stands for no limit of ours: here for the pool's. */
        private void takeUnlessZero(SshConfigKeyword keyword, String setting) {
            all(keyword)
                    .filter(entry -> !entry.isNone())
                    .findFirst()
                    .filter(entry -> !entry.arguments().contains(SshConfigKeyword.ZERO))
                    .ifPresent(entry ->
                            give(setting, entry.key(), entry.arguments().get(0)));
        }

        /** Through another target; as to ssh, one that is its own jump host is reached directly. */
        private void jump(SshConfigEntry entry) {
            String text = entry.arguments().get(0);
            if (ConfigReader.isAlias(text)) {
                give(TargetSettings.PROXY_JUMP, entry.key(), text.equals(alias) ? SshConfigKeyword.NONE : text);
            } else {
                notTaken.add(entry.keyword().spelling() + " that is not the name of one target", entry.place());
            }
        }

        private Optional<SshConfigEntry> first(SshConfigKeyword keyword) {
            return all(keyword).findFirst();
        }

        private Stream<SshConfigEntry> all(SshConfigKeyword keyword) {
            return mine.stream().filter(entry -> entry.keyword() == keyword);
        }

        /** One line may say different things of several targets. */
        private void give(String setting, String key, String text) {
            String unique = lookup.give(key, text) ? key : key + " for " + alias;
            lookup.give(unique, text);
            keys.put(setting, unique);
        }

        /** The files of the target, in whose names its host, port and user may stand. */
        private final class Files {
            private final Map<String, String> tokens = Map.of(
                    "%", "%",
                    "d", System.getProperty("user.home"),
                    "h", settings.host().orElse(alias),
                    "k", alias,
                    "n", alias,
                    "p",
                            settings.value(TargetSettings.PORT, Forms::port)
                                    .orElse(TargetDefaults.NONE.port())
                                    .toString(),
                    "r", settings.value(TargetSettings.USER, Forms::user).orElse(""),
                    "u", System.getProperty("user.name"));

            /** The first that exists, else the first; one that does not exist may have its public half beside it, for the agent. */
            void take(Stream<SshConfigEntry> entries, String setting, String prefix, boolean orPublic) {
                List<Named> files = entries.filter(entry -> !entry.isNone())
                        .flatMap(entry -> entry.arguments().stream().map(text -> new Named(entry, expand(text))))
                        .flatMap(named -> orPublic ? Stream.of(named, named.inPublic()) : Stream.of(named))
                        .toList();
                files.stream()
                        .filter(Named::exists)
                        .findFirst()
                        .or(() -> files.stream().findFirst())
                        .ifPresent(named -> give(setting, named.entry().key(), prefix + named.path()));
            }

            void agent(SshConfigEntry entry) {
                String text = entry.arguments().get(0);
                give(
                        TargetSettings.AGENT,
                        entry.key(),
                        switch (text) {
                            case SshConfigKeyword.NONE -> "false";
                            case "SSH_AUTH_SOCK", "$SSH_AUTH_SOCK" -> "true";
                            default -> expand(text);
                        });
            }

            private String expand(String text) {
                return SshConfigTokens.expand(SshConfigTokens.home(text), tokens);
            }
        }
    }

    private record Named(SshConfigEntry entry, String path) {
        Named inPublic() {
            return new Named(entry, path + PUBLIC);
        }

        boolean exists() {
            return new File(path).exists();
        }
    }
}
