package io.sshpool.demo.web;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.SshException;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** What took time lately: a listener of the pool, as any application may bring one along. */
@ApplicationScoped
public class Timeline implements PoolListener {

    private static final int MOST = 1_000;

    private final long origin = System.nanoTime();
    private final BlockingQueue<Span> spans = new ArrayBlockingQueue<>(MOST);

    /**
     * The latest spans.
     *
     * @param millis how far to look back
     * @return those that had not ended before, the oldest first
     */
    List<View> last(long millis) {
        long since = now() - millis;
        return spans.stream()
                .map(Span::view)
                .filter(span -> span.end() < 0 || span.end() >= since)
                .toList();
    }

    /** Milliseconds since the application began. */
    long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - origin);
    }

    @Override
    public Acquire acquiring(Target target) {
        Span span = begin("acquire", target);
        return new Acquire() {
            @Override
            public void granted(long connection, boolean reused) {
                span.end(reused ? "reused" : "new connection", false);
            }

            @Override
            public void failed(Throwable failure) {
                span.end(failure.getClass().getSimpleName(), true);
            }
        };
    }

    @Override
    public Connect connecting(Target target) {
        Span span = begin("connect", target);
        return new Connect() {
            @Override
            public void connected(long connection) {
                span.end("connection " + connection, false);
            }

            @Override
            public void failed(SshException failure) {
                span.end(failure.getClass().getSimpleName(), true);
            }
        };
    }

    /** Neither the command's text nor its output is kept. */
    @Override
    public Execute executing(Target target, Command command) {
        Span span = begin("exec", target);
        return new Execute() {
            @Override
            public void completed(ExecResult result) {
                span.end("exit " + result.exitCode(), false);
            }

            @Override
            public void failed(Throwable failure) {
                span.end(failure.getClass().getSimpleName(), true);
            }
        };
    }

    private Span begin(String kind, Target target) {
        Span span = new Span(kind, target.label(), now());
        while (!spans.offer(span)) {
            spans.poll();
        }
        return span;
    }

    /**
     * A span, for the page.
     *
     * @param kind acquire, connect or exec
     * @param host the target
     * @param start in milliseconds since the application began
     * @param end likewise, or -1 while it goes on
     * @param outcome how it ended
     * @param failed whether that is a failure
     */
    public record View(String kind, String host, long start, long end, String outcome, boolean failed) {}

    private final class Span {
        private volatile View view;

        private Span(String kind, String host, long start) {
            view = new View(kind, host, start, -1, "", false);
        }

        private View view() {
            return view;
        }

        private void end(String outcome, boolean failed) {
            view = new View(view.kind(), view.host(), view.start(), now(), outcome, failed);
        }
    }
}
