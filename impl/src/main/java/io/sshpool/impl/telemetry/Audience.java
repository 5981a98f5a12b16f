package io.sshpool.impl.telemetry;

import io.sshpool.spi.PoolListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Those who are told of something: listeners, or what listeners returned to watch one operation.
 *
 * @param members in the order in which they are told
 * @param complaints where what they throw goes
 */
record Audience<T>(List<Member<T>> members, Complaints complaints) {

    static Audience<PoolListener> of(List<PoolListener> listeners, Log log) {
        return new Audience<>(
                listeners.stream()
                        .map(listener -> new Member<>(listener, listener))
                        .toList(),
                new Complaints(log, ConcurrentHashMap.newKeySet()));
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    void tell(Consumer<T> what) {
        for (Member<T> member : members) {
            try {
                what.accept(member.ear());
            } catch (Throwable thrown) {
                complaints.about(member.listener(), thrown);
            }
        }
    }

    /** What the members return to watch an operation, without those that see nothing. */
    <W> Audience<W> watchers(Function<T, W> start, W none) {
        List<Member<W>> watchers = new ArrayList<>(members.size());
        for (Member<T> member : members) {
            try {
                W watcher = start.apply(member.ear());
                if (watcher != none && watcher != null) {
                    watchers.add(new Member<>(member.listener(), watcher));
                }
            } catch (Throwable thrown) {
                complaints.about(member.listener(), thrown);
            }
        }
        return new Audience<>(watchers, complaints);
    }

    /** One that is told, and the listener behind it. */
    record Member<T>(PoolListener listener, T ear) {}

    /** Logs the first throw of each class of listeners, as a broken one would fill the log. */
    record Complaints(Log log, Set<Class<?>> known) {

        private void about(PoolListener listener, Throwable thrown) {
            if (known.add(listener.getClass())) {
                // Neither message nor stack: an application's exception may quote the command it was told of.
                StackTraceElement[] stack = thrown.getStackTrace();
                String place = stack.length == 0 ? "an unknown place" : stack[0].toString();
                log.write(
                        LogEvent.LISTENER_FAILED,
                        listener.getClass().getName(),
                        thrown.getClass().getName(),
                        place);
            }
        }
    }
}
