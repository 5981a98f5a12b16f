package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.spi.Execution;
import io.sshpool.spi.FilesChannel;
import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.ProcessChannel;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection in memory. Thread-safe. */
final class FakeConnection implements SshConnection {

    final Target target;
    final FakeServer server;
    final FakeConnectionFactory factory;

    // ---- the books
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger aborts = new AtomicInteger();
    final AtomicInteger probes = new AtomicInteger();
    final AtomicInteger commands = new AtomicInteger();

    private final Set<FakeExecution> executions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger channels = new AtomicInteger();
    private final AtomicBoolean down = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final CompletableFuture<Void> unanswered = new CompletableFuture<>();

    FakeConnection(FakeConnectionFactory factory, FakeServer server, Target target) {
        this.factory = factory;
        this.server = server;
        this.target = target;
    }

    int channels() {
        return channels.get();
    }

    @Override
    public boolean isOpen() {
        return !down.get();
    }

    @Override
    public Optional<Duration> validFor() {
        return server.validFor;
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed;
    }

    @Override
    public CompletionStage<Void> probe() {
        factory.onCall.run();
        probes.incrementAndGet();
        if (down.get()) {
            return CompletableFuture.failedFuture(new IllegalStateException("down"));
        }
        CompletableFuture<Void> answer = new CompletableFuture<>();
        unanswered.whenComplete((value, failure) -> answer.completeExceptionally(failure));
        switch (server.probes) {
            case ANSWERED -> factory.later(server.probeTakes, () -> answer.complete(null));
            case FAILED -> factory.soon(() -> answer.completeExceptionally(new IllegalStateException("no answer")));
            case UNANSWERED -> {}
        }
        return answer;
    }

    @Override
    public Execution execute(Command command) {
        factory.onCall.run();
        FakeExecution execution = new FakeExecution(this, command);
        begin(execution);
        return execution;
    }

    @Override
    public ProcessChannel start(Command command, ProcessChannel.Receiver receiver) {
        factory.onCall.run();
        FakeProcess process = new FakeProcess(this, command, receiver);
        begin(process.execution());
        return process;
    }

    private void begin(FakeExecution execution) {
        commands.incrementAndGet();
        if (FakeServer.takeOne(server.deathsBeforeSending)) {
            die();
        }
        if (down.get()) {
            execution.neverSent();
        } else if (channels.incrementAndGet() > server.maxSessions) {
            channels.decrementAndGet();
            factory.soon(execution::refuse);
        } else {
            executions.add(execution);
            server.mostChannels.accumulateAndGet(channels.get(), Math::max);
            factory.soon(execution::begin);
            if (down.get()) {
                execution.lose();
            }
        }
    }

    void channelClosed(FakeExecution execution) {
        if (executions.remove(execution)) {
            channels.decrementAndGet();
        }
    }

    @Override
    public FilesChannel openFiles() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Forward> forward(Forwarding forwarding) {
        factory.onCall.run();
        FakeForward forward = new FakeForward(forwarding);
        closed.thenRun(forward::close);
        return CompletableFuture.completedFuture(forward);
    }

    @Override
    public CompletionStage<Void> close() {
        factory.onCall.run();
        if (closes.incrementAndGet() > 1) {
            server.closedTwice.incrementAndGet();
        }
        if (!server.closeHangs) {
            factory.soon(this::die);
        }
        return closed;
    }

    @Override
    public void abort() {
        factory.onCall.run();
        aborts.incrementAndGet();
        die();
    }

    /** Goes down, and takes along what runs. */
    void die() {
        if (down.compareAndSet(false, true)) {
            server.open.remove(this);
            factory.transports.decrementAndGet();
            new ArrayList<>(executions).forEach(FakeExecution::lose);
            unanswered.completeExceptionally(new IllegalStateException("the connection died"));
            closed.complete(null);
        }
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        factory.onCall.run();
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }
}
