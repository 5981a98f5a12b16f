package io.sshpool.it.suite;

import java.util.HashMap;
import java.util.Map;

/** Which sessions run how many commands. Thread-safe. */
final class RunningCommands {

    private final Map<Long, Integer> bySession = new HashMap<>();
    private int mostOfASession;

    synchronized void began(long session) {
        mostOfASession = Math.max(mostOfASession, bySession.merge(session, 1, Integer::sum));
    }

    synchronized void ended(long session) {
        bySession.merge(session, -1, Integer::sum);
    }

    /** Now, in all sessions. */
    synchronized int count() {
        return bySession.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** At a time, until now. */
    synchronized int mostOfASession() {
        return mostOfASession;
    }
}
