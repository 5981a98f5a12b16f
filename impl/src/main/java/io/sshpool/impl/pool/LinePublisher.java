package io.sshpool.impl.pool;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes the lines of a pipe to one subscriber, as many as it asks for. No thread waits for them. */
final class LinePublisher implements Flow.Publisher<String> {

    private final Pipe pipe;
    private final Lines lines;
    private final Executor executor;
    private final AtomicBoolean taken = new AtomicBoolean();

    LinePublisher(Pipe pipe, Lines lines, Executor executor) {
        this.pipe = pipe;
        this.lines = lines;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
        Feed feed = new Feed(subscriber, taken.compareAndSet(false, true));
        subscriber.onSubscribe(feed);
        feed.begin();
    }

    /** Feeds the subscriber, on one thread at a time. */
    private final class Feed implements Flow.Subscription {
        private final Flow.Subscriber<? super String> subscriber;
        /** Whether the pipe is this one's: it has one subscriber. */
        private final boolean first;

        private final AtomicLong demand = new AtomicLong();
        /** How often there was a reason to look since the look under way began, that one included; 0 for none under way. */
        private final AtomicInteger reasons = new AtomicInteger();

        private volatile RuntimeException failure;
        private volatile boolean begun;
        private volatile boolean done;

        private Feed(Flow.Subscriber<? super String> subscriber, boolean first) {
            this.subscriber = subscriber;
            this.first = first;
            if (!first) {
                failure = new IllegalStateException("the output of a command has one subscriber");
            }
        }

        private void begin() {
            begun = true;
            if (first) {
                pipe.listen(this::wake);
            } else {
                wake();
            }
        }

        @Override
        public void request(long lines) {
            if (lines <= 0) {
                failure = new IllegalArgumentException("request at least one line (Reactive Streams 3.9)");
            } else {
                demand.accumulateAndGet(lines, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            }
            wake();
        }

        @Override
        public void cancel() {
            if (!done) {
                stop();
            }
        }

        /** Nothing more is published, and what comes is thrown away, so that the command does not stand still. */
        private void stop() {
            done = true;
            if (first) {
                pipe.close();
            }
        }

        private void wake() {
            if (begun && !done && reasons.getAndIncrement() == 0) {
                Waits.runOn(executor, this::feed);
            }
        }

        private void feed() {
            int seen;
            do {
                seen = reasons.get();
                try {
                    publish();
                } catch (RuntimeException | Error broken) {
                    // a subscriber that throws has cancelled (Reactive Streams 2.13)
                    cancel();
                }
            } while (reasons.addAndGet(-seen) != 0);
        }

        private void publish() {
            while (!done) {
                if (failure != null) {
                    end(failure);
                } else if (lines.isOver()) {
                    end(null);
                } else if (demand.get() == 0 || !publishNext()) {
                    return;
                }
            }
        }

        /** Returns whether to go on. */
        private boolean publishNext() {
            Optional<String> next;
            try {
                next = lines.poll();
            } catch (RuntimeException e) {
                failure = e;
                return true;
            }
            next.ifPresent(line -> {
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                subscriber.onNext(line);
            });
            return next.isPresent() || lines.isOver();
        }

        private void end(RuntimeException why) {
            if (why == null) {
                done = true;
                subscriber.onComplete();
            } else {
                stop();
                subscriber.onError(why);
            }
        }
    }
}
