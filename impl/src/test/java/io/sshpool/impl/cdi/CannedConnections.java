package io.sshpool.impl.cdi;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.Output;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Execution;
import io.sshpool.spi.FilesChannel;
import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.ProcessChannel;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Connects to nothing; every command succeeds at once and says on which target. */
final class CannedConnections implements ConnectionFactory {

    private final AtomicInteger closes = new AtomicInteger();

    int closes() {
        return closes.get();
    }

    @Override
    public CompletableFuture<SshConnection> connect(Target target, Duration timeout) {
        return CompletableFuture.completedFuture(new Connection(target));
    }

    @Override
    public Object revision(Target target) {
        return "always the same";
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    private static final class Connection implements SshConnection {

        private final Target target;
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        private Connection(Target target) {
            this.target = target;
        }

        @Override
        public boolean isOpen() {
            return !closed.isDone();
        }

        @Override
        public CompletionStage<Void> closed() {
            return closed;
        }

        @Override
        public CompletionStage<Void> probe() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Execution execute(Command command) {
            Output output = Output.of(target.name().getBytes(StandardCharsets.UTF_8), new byte[0]);
            return new Done(ExecResult.exited(target.name(), 0, output, Duration.ZERO));
        }

        @Override
        public ProcessChannel start(Command command, ProcessChannel.Receiver receiver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FilesChannel openFiles() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Forward> forward(Forwarding forwarding) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> close() {
            closed.complete(null);
            return closed;
        }

        @Override
        public void abort() {
            closed.complete(null);
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return Optional.empty();
        }
    }

    private record Done(ExecResult answer) implements Execution {

        @Override
        public CompletionStage<Void> opened() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<ExecResult> result() {
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletionStage<Void> released() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void cancel(Throwable why) {
            // It has ended.
        }
    }
}
