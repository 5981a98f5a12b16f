package io.sshpool.impl.pool;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds leases that nobody will close any more, and those that are held for suspiciously long. Thread-safe. */
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
        private final Throwable acquired;
        private boolean warned;
        /** Cheaper by far than the identity hash code of an object that lives for microseconds. */
        private final int hash = ThreadLocalRandom.current().nextInt();

        private Entry(PooledLease handle, ReferenceQueue<PooledLease> queue, Lease lease, Throwable acquired) {
            super(handle, queue);
            this.lease = lease;
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
        Entry entry = new Entry(handle, unreachable, lease, acquired);
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

    /** Warns of leases that hold a slot for longer than the threshold, once each. */
    void warn() {
        core.config
                .leakDetectionThreshold()
                .ifPresent(threshold -> open.stream()
                        .filter(entry -> !entry.warned)
                        .forEach(entry -> entry.lease
                                .held()
                                .filter(held -> held.compareTo(threshold) >= 0)
                                .ifPresent(held -> warn(entry, held))));
    }

    private void warn(Entry entry, Duration held) {
        entry.warned = true;
        core.listener.leaseOverdue(entry.lease.account.target, held, entry.acquired);
    }
}
