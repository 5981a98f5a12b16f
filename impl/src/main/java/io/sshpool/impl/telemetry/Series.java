package io.sshpool.impl.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Counts failures of one kind in a row per target: a new kind is a new series, and news. Remembers so many targets and no more, as their names may come from user input. */
final class Series {

    private final Lock lock = new ReentrantLock();
    private final Map<String, Run> failures;

    Series(int mostTargets) {
        failures = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Run> eldest) {
                return size() > mostTargets;
            }
        };
    }

    /** Failures of one kind, and of any kind since the last success. */
    private record Run(LogEvent kind, int length, int total) {}

    /** One more failure; returns how many of this kind there are now. */
    int failed(String target, LogEvent kind) {
        lock.lock();
        try {
            Run last = failures.get(target);
            int length = last != null && last.kind() == kind ? last.length() + 1 : 1;
            failures.put(target, new Run(kind, length, last == null ? 1 : last.total() + 1));
            return length;
        } finally {
            lock.unlock();
        }
    }

    /** The end of all failures; returns how many there were. */
    int succeeded(String target) {
        lock.lock();
        try {
            Run last = failures.remove(target);
            return last == null ? 0 : last.total();
        } finally {
            lock.unlock();
        }
    }
}
