package io.sshpool.impl.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong, each with key and reason; a problem of the defaults that many targets meet is told once. */
final class Problems {

    private final Set<String> found = new LinkedHashSet<>();

    void add(String key, String reason) {
        found.add(key + " " + reason);
    }

    void addAll(Collection<String> problems) {
        found.addAll(problems);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<String> list() {
        return List.copyOf(found);
    }
}
