package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.RemoteProcess;
import io.sshpool.spi.ProcessChannel;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A running command: the operation that holds its slot, and the blocking ends of its streams. */
final class PooledProcess implements RemoteProcess {

    private static final Pattern SIGNAL = Pattern.compile("[A-Z][A-Z0-9]*");

    private final Lease lease;
    private final Output output;
    private final long longestLine;
    private final Operation<ExecResult, ProcessChannel> operation;
    private final ProcessChannel channel;
    private final ProcessInput stdin;
    private final CompletableFuture<ExecResult> exit = new CompletableFuture<>();
    private final LinePublisher stdoutPublisher;
    private final LinePublisher stderrPublisher;

    private PooledProcess(
            Lease lease, Command command, Output output, Operation<ExecResult, ProcessChannel> operation) {
        this.lease = lease;
        this.output = output;
        this.operation = operation;
        longestLine = command.maxOutput().orElse(lease.core.config.maxOutput());
        channel = Waits.await(
                operation.opened,
                target(),
                "starting a command on",
                () -> operation.giveUp(new CancellationException("interrupted")));
        output.source = channel;
        stdin = new ProcessInput(channel, target(), command.stdin().isPresent());
        stdoutPublisher = publisher(output.stdout);
        stderrPublisher = publisher(output.stderr);
        channel.exit().whenComplete((value, failure) -> {
            if (failure == null) {
                exit.complete(value);
            } else {
                exit.completeExceptionally(failure);
            }
        });
    }

    private LinePublisher publisher(Pipe pipe) {
        return new LinePublisher(pipe, lines(pipe), lease.core.threads.workers());
    }

    private Lines lines(Pipe pipe) {
        return new Lines(pipe, target(), longestLine);
    }

    /** Starts a command, and waits until it was accepted. */
    static PooledProcess start(Lease lease, Command command, Object handle) {
        Output output = new Output(lease.account.target.name());
        Operation<ExecResult, ProcessChannel> operation = Commands.start(lease, command, output, handle);
        operation.result.whenComplete(output::over);
        return new PooledProcess(lease, command, output, operation);
    }

    @Override
    public String target() {
        return lease.account.target.name();
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return output.stdout;
    }

    @Override
    public InputStream stderr() {
        return output.stderr;
    }

    @Override
    public Stream<String> lines() {
        return lines(output.stdout).stream();
    }

    @Override
    public Stream<String> stderrLines() {
        return lines(output.stderr).stream();
    }

    @Override
    public Flow.Publisher<String> linePublisher() {
        return stdoutPublisher;
    }

    @Override
    public Flow.Publisher<String> stderrLinePublisher() {
        return stderrPublisher;
    }

    @Override
    public CompletionStage<ExecResult> exit() {
        return Waits.publish(exit, lease.core.threads.workers(), () -> {}, unwanted -> {});
    }

    @Override
    public ExecResult waitFor() {
        return Waits.await(exit, target(), "waiting for a command on", () -> {});
    }

    @Override
    public void signal(String name) {
        if (!SIGNAL.matcher(name).matches() || name.startsWith("SIG")) {
            throw new IllegalArgumentException("a signal is named as in kill -l: TERM, INT, HUP, KILL, USR1");
        }
        channel.signal(name);
    }

    @Override
    public void resize(int columns, int rows) {
        if (columns < 1 || rows < 1) {
            throw new IllegalArgumentException("a terminal has at least one column and one row");
        }
        channel.resize(columns, rows);
    }

    @Override
    public void close() {
        operation.giveUp(new CancellationException("the command on " + target() + " was closed"));
        output.stdout.close();
        output.stderr.close();
    }

    @Override
    public String toString() {
        return "RemoteProcess[" + target() + ", " + (exit.isDone() ? "ended" : "running") + "]";
    }

    /** The two streams; there before the channel is. */
    private static final class Output implements ProcessChannel.Receiver {
        private final Pipe stdout;
        private final Pipe stderr;
        private volatile ProcessChannel source;

        private Output(String target) {
            stdout = new Pipe(target, this::consumed);
            stderr = new Pipe(target, this::consumed);
        }

        private void consumed(int bytes) {
            source.consumed(bytes);
        }

        @Override
        public void received(boolean error, byte[] data, int start, int length) {
            (error ? stderr : stdout).put(data, start, length);
        }

        @Override
        public void ended() {
            stdout.end();
            stderr.end();
        }

        private void over(ExecResult value, Throwable failure) {
            if (failure == null) {
                ended();
            } else {
                stdout.fail(failure);
                stderr.fail(failure);
            }
        }
    }
}
