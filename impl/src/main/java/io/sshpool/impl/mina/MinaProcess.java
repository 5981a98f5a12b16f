package io.sshpool.impl.mina;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.Output;
import io.sshpool.spi.ProcessChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.sshd.common.io.IoOutputStream;

/** A command that is talked with: its output is handed on, and its window opens when that is consumed. */
final class MinaProcess implements ProcessChannel {

    private static final Output NOTHING = Output.of(new byte[0], new byte[0]);

    private final MinaExecution execution;
    private final CompletableFuture<ExecResult> exit = new CompletableFuture<>();
    /** The input, once what goes ahead of the caller's is sent. */
    private final CompletableFuture<IoOutputStream> input = new CompletableFuture<>();

    MinaProcess(MinaConnection connection, Command command, Receiver receiver) {
        boolean ownInput = command.stdin().isPresent();
        execution = new MinaExecution(
                connection,
                command,
                new HandingOn(receiver, command),
                Long.MAX_VALUE,
                ownInput ? MinaExecution::endOf : input::complete);
        execution.result().whenComplete((value, failure) -> {
            if (failure == null) {
                exit.complete(value);
            } else {
                exit.completeExceptionally(failure);
            }
        });
    }

    private final class HandingOn implements MinaExecution.Outlet {
        private final Receiver receiver;
        private final boolean asAnother;
        private volatile String endOfErrors = "";

        private HandingOn(Receiver receiver, Command command) {
            this.receiver = receiver;
            asAnother = command.runAs().isPresent();
        }

        @Override
        public Room add(boolean error, byte[] data, int start, int length) {
            if (error && asAnother) {
                keepEnd(data, start, length);
            }
            receiver.received(error, data, start, length);
            return Room.LATER;
        }

        @Override
        public void ended() {
            receiver.ended();
        }

        @Override
        public void exited() {
            // A password that was rejected is known by errors which may come after the exit code, before the end of the
            // channel.
            execution
                    .end()
                    .filter(end -> !asAnother || !SudoPassword.mayBeRejected(end))
                    .ifPresent(exit::complete);
        }

        @Override
        public Output output() {
            return NOTHING;
        }

        @Override
        public String endOfErrors() {
            return endOfErrors;
        }

        private void keepEnd(byte[] data, int start, int length) {
            int last = Math.min(length, SudoPassword.MARK_LENGTH);
            String end = endOfErrors + new String(data, start + length - last, last, StandardCharsets.ISO_8859_1);
            endOfErrors = end.substring(Math.max(0, end.length() - SudoPassword.MARK_LENGTH));
        }
    }

    MinaExecution execution() {
        return execution;
    }

    @Override
    public CompletionStage<Void> opened() {
        return execution.opened();
    }

    @Override
    public CompletionStage<ExecResult> result() {
        return execution.result();
    }

    @Override
    public CompletionStage<ExecResult> exit() {
        return exit;
    }

    @Override
    public CompletionStage<Void> released() {
        return execution.released();
    }

    @Override
    public void cancel(Throwable why) {
        execution.cancel(why);
    }

    @Override
    public void consumed(int bytes) {
        execution.channel().consumed(bytes);
    }

    @Override
    public CompletionStage<Void> write(byte[] bytes) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        input.thenAccept(to -> StandardInput.writeThen(to, bytes, () -> written.complete(null)));
        return written;
    }

    @Override
    public void endInput() {
        input.thenAccept(MinaExecution::endOf);
    }

    @Override
    public void signal(String name) {
        execution.channel().signal(name);
    }

    @Override
    public void resize(int columns, int rows) {
        execution.channel().resize(columns, rows);
    }
}
