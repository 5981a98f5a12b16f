package io.sshpool.impl.pool;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The SFTP channels on which nothing runs. They stay open for a moment, as files come in crowds, but give way at once to
 * whoever waits for a slot. Taking a channel out of here, which only one can, decides whether it is used again or closed.
 */
final class IdleFiles {

    private static final long LINGER_NANOS = Duration.ofSeconds(1).toNanos();

    private final Core core;
    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    IdleFiles(Core core) {
        this.core = core;
    }

    /** One channel's time of idleness. */
    final class Entry {
        private final Runnable finish;

        private Entry(Runnable finish) {
            this.finish = finish;
        }

        /** Ends the idleness: false when the channel is being closed instead. */
        boolean leave() {
            return entries.remove(this);
        }

        private void expire() {
            if (leave()) {
                finish.run();
            }
        }
    }

    /** Nothing runs on a channel from now on. */
    Entry add(Runnable finish) {
        Entry entry = new Entry(finish);
        entries.add(entry);
        // in this order: who comes to wait looks here after that
        if (core.ask((ledger, now) -> ledger.isClosed() || ledger.waiting() > 0)) {
            entry.expire();
        } else {
            core.after(LINGER_NANOS, entry::expire);
        }
        return entry;
    }

    /** Somebody waits for a slot, or the pool closes. */
    void giveWay() {
        entries.forEach(Entry::expire);
    }
}
