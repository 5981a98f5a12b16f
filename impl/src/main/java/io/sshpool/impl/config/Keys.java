package io.sshpool.impl.config;

import io.sshpool.impl.pool.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Sorts names into aliases and keys that nobody knows. */
final class Keys {

    static final String TARGETS = "sshpool.targets";

    private final SortedSet<String> aliases = new TreeSet<>();
    private final List<String> unknown = new ArrayList<>();

    private Keys() {}

    static Keys of(Set<String> names) {
        Keys keys = new Keys();
        names.forEach(keys::sort);
        return keys;
    }

    /** The names of targets, be they well-formed or not. */
    SortedSet<String> aliases() {
        return aliases;
    }

    /** A line for each key that nobody knows, with the nearest one that is known. */
    List<String> warnings() {
        return unknown.stream().map(this::warning).toList();
    }

    private void sort(String name) {
        if (name.startsWith(TargetSettings.TARGET)) {
            sortTarget(name, name.substring(TargetSettings.TARGET.length()));
        } else if (!isKnown(name)) {
            unknown.add(name);
        }
    }

    /** No setting has a dot, an alias might by mistake. */
    private void sortTarget(String name, String rest) {
        int last = rest.lastIndexOf('.');
        boolean known = last >= 0 && TargetSettings.NAMES.contains(rest.substring(last + 1));
        if (!known) {
            unknown.add(name);
        }
        if (last >= 0) {
            aliases.add(rest.substring(0, known ? last : rest.indexOf('.')));
        }
    }

    private static boolean isKnown(String name) {
        return known().contains(name);
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>();
        known.add(TARGETS);
        known.add(SshConfig.KEY);
        PoolKey.ALL.forEach(key -> known.add(PoolKey.PREFIX + key.name()));
        for (Switch one : Switch.values()) {
            known.add(one.key());
        }
        TargetSettings.NAMES.forEach(setting -> known.add(TargetSettings.DEFAULTS + setting));
        return known;
    }

    private String warning(String name) {
        String shown = Text.printable(name, 100) + ": unknown";
        return nearest(name).map(near -> shown + ", did you mean " + near + "?").orElse(shown + ", ignored");
    }

    private Optional<String> nearest(String name) {
        int best = Math.max(2, (name.length() - name.lastIndexOf('.') - 1) / 3) + 1;
        String nearest = null;
        for (String known : candidates(name)) {
            int distance = EditDistance.between(name, known, best);
            if (distance < best) {
                best = distance;
                nearest = known;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private Set<String> candidates(String name) {
        Set<String> candidates = known();
        String[] parts = name.split("\\.", 4);
        Set<String> names = new TreeSet<>(aliases);
        if (parts.length == 4) {
            names.add(parts[2]);
        }
        for (String alias : names) {
            TargetSettings.NAMES.forEach(
                    setting -> candidates.add(TargetSettings.TARGET + Text.printable(alias, 64) + "." + setting));
        }
        return candidates;
    }
}
