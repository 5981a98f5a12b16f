package io.sshpool.demo.web;

import io.sshpool.Command;
import io.sshpool.SshPool;
import io.sshpool.demo.hosts.FakeHost;
import io.sshpool.demo.hosts.FakeHosts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Many commands at once, over all hosts, without a thread for any of them. One burst at a time. */
@ApplicationScoped
public class Burst {

    /**
     * How far a burst is.
     *
     * @param total commands that it has
     * @param succeeded commands that succeeded
     * @param failed commands that failed
     */
    public record Progress(int total, int succeeded, int failed) {

        static final Progress NONE = new Progress(0, 0, 0);

        /**
         * Whether some commands have not ended.
         *
         * @return true while the burst goes on
         */
        public boolean isRunning() {
            return succeeded + failed < total;
        }

        private Progress plus(boolean success) {
            return new Progress(total, succeeded + (success ? 1 : 0), failed + (success ? 0 : 1));
        }
    }

    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.NONE);

    @Inject
    SshPool pool;

    @Inject
    FakeHosts hosts;

    Progress progress() {
        return progress.get();
    }

    /** Starts a burst; false if there is one under way. */
    boolean start(int commands) {
        Progress before = progress.get();
        if (before.isRunning() || !progress.compareAndSet(before, new Progress(commands, 0, 0))) {
            return false;
        }
        List<FakeHost> all = hosts.all();
        for (int i = 0; i < commands; i++) {
            int millis = ThreadLocalRandom.current().nextInt(300, 900);
            pool.executeAsync(
                            all.get(i % all.size()).name(),
                            Command.shell("sleep 0." + millis).timeout(AT_MOST))
                    .whenComplete((result, failure) -> progress.updateAndGet(now -> now.plus(failure == null)));
        }
        return true;
    }
}
