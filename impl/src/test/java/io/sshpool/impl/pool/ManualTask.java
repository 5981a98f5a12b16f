package io.sshpool.impl.pool;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A task that waits for its moment in a {@link ManualTime}. */
final class ManualTask<V> extends FutureTask<V> implements ScheduledFuture<V> {

    final ManualScheduler scheduler;
    private final ManualTime time;

    long due;
    long sequence;

    ManualTask(ManualTime time, ManualScheduler scheduler, Callable<V> work) {
        super(work);
        this.time = time;
        this.scheduler = scheduler;
    }

    @Override
    public boolean cancel(boolean interrupt) {
        time.remove(this);
        return super.cancel(false);
    }

    @Override
    protected void setException(Throwable failure) {
        time.failures().add(failure);
        super.setException(failure);
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(due - time.now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
