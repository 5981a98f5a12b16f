package io.sshpool.impl.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts failures in a row per target. Remembers so many targets and no more, as their names may come from user input. */
final class Series {

    private final Map<String, Integer> failures;

    Series(int mostTargets) {
        failures = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                return size() > mostTargets;
            }
        };
    }

    /** One more failure; returns how many there are now. */
    synchronized int failed(String target) {
        return failures.merge(target, 1, Integer::sum);
    }

    /** The end of a series; returns how long it was. */
    synchronized int succeeded(String target) {
        Integer count = failures.remove(target);
        return count == null ? 0 : count;
    }
}
