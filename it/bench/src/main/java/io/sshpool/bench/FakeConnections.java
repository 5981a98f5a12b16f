package io.sshpool.bench;

import io.sshpool.Command;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Execution;
import io.sshpool.spi.FilesChannel;
import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.ProcessChannel;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Connections that are there at once and answer at once. */
final class FakeConnections implements ConnectionFactory {

    @Override
    public CompletableFuture<SshConnection> connect(Target target, Duration timeout) {
        return CompletableFuture.completedFuture(new FakeConnection());
    }

    @Override
    public Object revision(Target target) {
        return "";
    }

    @Override
    public void close() {}

    private static final class FakeConnection implements SshConnection {
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

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
            return CompletableFuture.completedStage(null);
        }

        @Override
        public Execution execute(Command command) {
            throw new UnsupportedOperationException();
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
            abort();
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
}
