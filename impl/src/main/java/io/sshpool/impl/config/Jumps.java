package io.sshpool.impl.config;

import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Leads targets through their jump hosts, which are targets, too. */
final class Jumps {

    /** Directly, whatever the default says. */
    private static final String NONE = "none";

    private final Lookup lookup;
    private final SshConfig sshConfig;
    private final Problems problems;
    private final Set<String> aliases;
    private final int maxConnections;
    private final Map<String, Target> direct = new LinkedHashMap<>();
    private final Set<String> told = new LinkedHashSet<>();

    Jumps(Lookup lookup, SshConfig sshConfig, Problems problems, Set<String> aliases, int maxConnections) {
        this.lookup = lookup;
        this.sshConfig = sshConfig;
        this.problems = problems;
        this.aliases = aliases;
        this.maxConnections = maxConnections;
    }

    /** Takes a target that is complete but for its jump host. */
    void add(Target target) {
        direct.put(target.name(), target);
    }

    /** All that were added, each through its jump host, in the same order. */
    List<Target> link() {
        List<Target> linked = new ArrayList<>();
        aliases.forEach(alias -> {
            Optional<Target> target = linked(alias, new LinkedHashSet<>());
            target.ifPresent(linked::add);
        });
        return linked;
    }

    /** The jump host of targets that are spelled out. */
    Optional<Target> ofSpelledOut() {
        TargetSettings defaults = TargetSettings.defaults(lookup);
        Optional<Target> jump = named(defaults).flatMap(name -> follow(defaults, name, new LinkedHashSet<>()));
        jump.ifPresent(host -> checkPlaces(defaults, 1 + length(host)));
        return jump;
    }

    private Optional<Target> linked(String alias, Set<String> way) {
        way.add(alias);
        TargetSettings settings = sshConfig.settings(alias);
        Optional<String> name = named(settings).filter(jump -> !isDefaultFor(alias, jump, settings));
        Optional<Target> target = Optional.ofNullable(direct.get(alias));
        if (name.isEmpty()) {
            return target;
        }
        Optional<Target> jump = follow(settings, name.get(), way);
        jump.ifPresent(host -> checkPlaces(settings, 1 + length(host)));
        return jump.flatMap(host -> target.map(t -> t.through(host)));
    }

    /** The default names the way in for all others; that one is reached directly. */
    private static boolean isDefaultFor(String alias, String jump, TargetSettings settings) {
        return jump.equals(alias) && deciding(settings).startsWith(TargetSettings.DEFAULTS);
    }

    private Optional<Target> follow(TargetSettings settings, String name, Set<String> way) {
        if (!aliases.contains(name)) {
            tell(settings, "is \"" + Text.printable(name, 64) + "\", which is the name of no target");
            return Optional.empty();
        }
        if (way.contains(name)) {
            tell(settings, "leads in a circle: " + String.join(", ", way) + ", " + name);
            return Optional.empty();
        }
        return linked(name, new LinkedHashSet<>(way));
    }

    private void checkPlaces(TargetSettings settings, int places) {
        if (places > maxConnections) {
            tell(settings, "needs " + places + " connections at once; sshpool.max-connections is " + maxConnections);
        }
    }

    private static int length(Target target) {
        return 1 + target.jump().map(Jumps::length).orElse(0);
    }

    private Optional<String> named(TargetSettings settings) {
        return settings.value(TargetSettings.PROXY_JUMP, text -> text).filter(name -> !name.equals(NONE));
    }

    private static String deciding(TargetSettings settings) {
        return settings.decidingKey(TargetSettings.PROXY_JUMP).orElseThrow();
    }

    /** Once for a key, however many targets go by it. */
    private void tell(TargetSettings settings, String reason) {
        if (told.add(deciding(settings))) {
            problems.add(deciding(settings), reason);
        }
    }
}
