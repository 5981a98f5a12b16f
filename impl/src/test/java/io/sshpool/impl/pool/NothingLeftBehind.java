package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaves a thread of the pool or of its SSH library behind. */
public final class NothingLeftBehind implements BeforeAllCallback, AfterAllCallback {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Set<Thread> before = Set.of();

    @Override
    public void beforeAll(ExtensionContext context) {
        before = Set.copyOf(ours());
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (Thread thread : left()) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
        assertThat(left())
                .as("threads that outlive " + context.getDisplayName())
                .isEmpty();
    }

    private List<Thread> left() {
        return ours().stream().filter(thread -> !before.contains(thread)).toList();
    }

    private static Collection<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("sshpool")
                        || thread.getName().startsWith("sshd"))
                .toList();
    }
}
