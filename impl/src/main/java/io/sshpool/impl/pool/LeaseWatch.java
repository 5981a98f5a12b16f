package io.sshpool.impl.pool;

import io.sshpool.spi.PoolListener;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds leases that nobody will close any more, and those that are open for suspiciously long. Thread-safe. */
final class LeaseWatch {

    private final Core core;
    private final Set<Entry> open = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<PooledLease> unreachable = new ReferenceQueue<>();
    private final boolean keepsStacks;

    LeaseWatch(Core core) {
        this.core = core;
        keepsStacks = core.config.leakDetectionThreshold().isPresent();
    }

    /** An open lease; refers to what stands behind the handle, never to the handle. */
    static final class Entry extends PhantomReference<PooledLease> {
        private final Lease lease;
        private final long since;
        private final Throwable acquired;
        private boolean warned;
        /** Cheaper by far than the identity hash code of an object that lives for microseconds. */
        private final int hash = ThreadLocalRandom.current().nextInt();

        private Entry(
                PooledLease handle, ReferenceQueue<PooledLease> queue, Lease lease, long since, Throwable acquired) {
            super(handle, queue);
            this.lease = lease;
            this.since = since;
            this.acquired = acquired;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    Entry add(PooledLease handle, Lease lease, String holder) {
        Throwable acquired =
                keepsStacks ? new Throwable("acquired here" + (holder.isEmpty() ? "" : " by " + holder)) : null;
        Entry entry = new Entry(handle, unreachable, lease, keepsStacks ? core.now() : 0, acquired);
        open.add(entry);
        return entry;
    }

    void remove(Entry entry) {
        open.remove(entry);
    }

    /** Takes back what is unreachable. Costs one look at a queue when there is nothing. */
    void reclaim() {
        for (Reference<?> next = unreachable.poll(); next != null; next = unreachable.poll()) {
            Entry entry = (Entry) next;
            // a request's lease comes back by itself: that its scope never ended is the container's doing, and no leak
            if (open.remove(entry) && entry.lease.close("the lease was never closed")) {
                core.listener.leaseReclaimed(entry.lease.account.target, Optional.ofNullable(entry.acquired));
            }
        }
    }

    /** Warns of leases that are open for longer than the threshold, once each. */
    void warn() {
        PoolListener listener = core.listener;
        core.config.leakDetectionThreshold().ifPresent(threshold -> {
            for (Entry entry : open) {
                Duration age = Duration.ofNanos(core.now() - entry.since);
                if (!entry.warned && age.compareTo(threshold) >= 0) {
                    entry.warned = true;
                    listener.leaseOverdue(entry.lease.account.target, age, entry.acquired);
                }
            }
        });
    }
}
