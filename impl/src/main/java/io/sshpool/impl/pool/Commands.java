package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.spi.Execution;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.ProcessChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Commands as operations: filled in with what target and pool set for those that say nothing, and told to the listener. */
final class Commands {

    private Commands() {}

    /** Runs a command and keeps its output; never throws. On the caller's thread. */
    static Operation<ExecResult, Execution> execute(Lease lease, Command command, Object handle) {
        return execute(lease, command, observe(lease, command), handle);
    }

    /** Runs a command of which the listener has been told; never throws. */
    static Operation<ExecResult, Execution> execute(
            Lease lease, Command command, PoolListener.Execute observer, Object handle) {
        Command full = limited(lease, timed(lease, command));
        return Operation.start(
                lease, connection -> connection.execute(sent(full, observer)), telling(observer), handle);
    }

    /** Runs a command and hands its output on; never throws. */
    static Operation<ExecResult, ProcessChannel> start(
            Lease lease, Command command, ProcessChannel.Receiver receiver, Object handle) {
        PoolListener.Execute observer = observe(lease, command);
        Command full = timed(lease, command);
        return Operation.start(
                lease, connection -> connection.start(sent(full, observer), receiver), telling(observer), handle);
    }

    private static Command timed(Lease lease, Command given) {
        if (given.timeout().isPresent()) {
            return given;
        }
        Optional<Duration> timeout =
                lease.account.target.limits().commandTimeout().or(lease.core.config::commandTimeout);
        return timeout.map(given::timeout).orElse(given);
    }

    private static Command limited(Lease lease, Command given) {
        return given.maxOutput().isPresent() ? given : given.maxOutput(lease.core.config.maxOutput());
    }

    /** Tells that a command is about to be sent, and adds what the listener gives it along; its own variables come first. */
    private static Command sent(Command command, PoolListener.Execute observer) {
        observer.started();
        if (command.pty().isPresent() || isRunBySudo(command)) {
            // A terminal would show them. And sudo would be asked for another program, sh, which its rules may not
            // permit.
            return command;
        }
        Command full = command;
        for (Map.Entry<String, String> variable : observer.environment().entrySet()) {
            if (!command.environment().containsKey(variable.getKey())) {
                full = full.env(variable.getKey(), variable.getValue());
            }
        }
        return full;
    }

    /** Whether sudo runs it directly: {@link Command#sudo(io.sshpool.Sudo)}. */
    private static boolean isRunBySudo(Command command) {
        return command.runAs().isPresent()
                && command.isProgram()
                && command.environment().isEmpty()
                && command.workingDirectory().isEmpty();
    }

    private static PoolListener.Execute observe(Lease lease, Command command) {
        return lease.core.listener.executing(lease.account.target, command);
    }

    private static BiConsumer<ExecResult, Throwable> telling(PoolListener.Execute observer) {
        return (value, failure) -> {
            if (failure == null) {
                observer.completed(value);
            } else {
                observer.failed(failure);
            }
        };
    }
}
