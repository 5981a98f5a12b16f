package io.sshpool.impl.mina;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.util.threads.NoCloseExecutor;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * The threads that handle what comes from the network, as many as MINA would have. The JDK's channel group shuts them down by
 * {@link #shutdown} while a thread of its own may be about to hand an event over: MINA's own would refuse it, and the group's thread
 * would die of that, printing an uncaught exception. These take tasks until MINA itself ends them, and drop what comes later.
 */
final class IoThreads extends NoCloseExecutor {

    IoThreads(String name, int size) {
        // Discards tasks when it is shut down, and never refuses one.
        super(ThreadUtils.newFixedThreadPool(name, size));
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public List<Runnable> shutdownNow() {
        super.shutdown();
        return executor.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return executor.isShutdown();
    }

    /** Before the end, which the group is not to wait for: whether the group has shut down. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.isShutdown() ? executor.awaitTermination(timeout, unit) : super.awaitTermination(timeout, unit);
    }
}
