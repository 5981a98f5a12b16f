package io.sshpool.impl.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Counts failures in a row per target. Remembers so many targets and no more, as their names may come from user input. */
final class Series {

    private final Lock lock = new ReentrantLock();
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
    int failed(String target) {
        lock.lock();
        try {
            return failures.merge(target, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    /** The end of a series; returns how long it was. */
    int succeeded(String target) {
        lock.lock();
        try {
            Integer count = failures.remove(target);
            return count == null ? 0 : count;
        } finally {
            lock.unlock();
        }
    }
}
