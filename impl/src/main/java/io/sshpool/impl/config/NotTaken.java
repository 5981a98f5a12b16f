package io.sshpool.impl.config;

import io.sshpool.impl.config.SshConfigEntry.Place;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What files in OpenSSH's format say that this pool does not do. */
final class NotTaken {

    private final Map<Path, Map<String, Set<Integer>>> byFile = new LinkedHashMap<>();

    void add(String what, Place place) {
        byFile.computeIfAbsent(place.file(), file -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER))
                .computeIfAbsent(what, one -> new LinkedHashSet<>())
                .add(place.line());
    }

    /** A line for each file. */
    List<String> lines() {
        return byFile.entrySet().stream()
                .map(file -> file.getKey() + ": " + keywords(file.getValue()))
                .toList();
    }

    /** Each once, with the first line that has it and how many more do. */
    private static String keywords(Map<String, Set<Integer>> keywords) {
        return keywords.entrySet().stream()
                .map(keyword -> keyword.getKey() + " (line " + places(keyword.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String places(Set<Integer> lines) {
        int more = lines.size() - 1;
        return lines.iterator().next() + (more == 0 ? "" : " and " + more + " more");
    }
}
