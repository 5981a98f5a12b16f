package io.sshpool;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Several targets, on which one command runs; from {@link SshPool#each}. Immutable: each option returns a copy. Thread-safe.
 *
 * <p>No thread waits for a host. A host that waits for its turn holds no connection, and no place in the pool's queue.
 */
public interface SshGroup {

    /**
     * Bounds how many hosts the command runs on at a time. Without it, {@code sshpool.max-connections} hosts: each needs a connection of its own, and
     * more would only wait for one, against the acquire time-out.
     *
     * @param hosts at least 1
     * @return a copy
     * @throws IllegalArgumentException when it is less than 1
     */
    SshGroup parallel(int hosts);

    /**
     * Bounds the whole run, from its start. When the time is over, commands under way are given up, no more are started, and both have a
     * {@link CommandCancelledException} in the result. Each command's own time-out is {@link Command#timeout}.
     *
     * @param limit more than zero
     * @return a copy
     * @throws IllegalArgumentException when it is not more than zero
     */
    SshGroup timeout(Duration limit);

    /**
     * Ends the run at the first host where the command fails, with an exit code other than 0, a signal or an exception, as
     * {@link #timeout} would. Without it, the command runs on all hosts whatever becomes of it on some.
     *
     * @return a copy
     */
    SshGroup stopOnFailure();

    /**
     * Runs shell text on all hosts: {@link #execute(Command)} with {@link Command#shell(String)}.
     *
     * @param command shell text
     * @return what became of it, host by host
     */
    default GroupResult execute(String command) {
        return execute(Command.shell(command));
    }

    /**
     * Runs a command on all hosts, and waits until each has a result or a failure. What one host does is no exception of this call.
     *
     * @param command what to run; its standard input is not a stream, which only one host could read
     * @return what became of it, host by host
     * @throws SshInterruptedException when the thread is interrupted: its flag is set again, and what is under way is given up
     * @throws IllegalArgumentException when standard input is a stream and there are several hosts
     */
    GroupResult execute(Command command);

    /**
     * Runs a command on all hosts without holding a thread. Cancelling the stage's {@code toCompletableFuture()} gives up what is under way and starts
     * no more.
     *
     * @param command what to run, as for {@link #execute(Command)}
     * @return the stage of the result, completed on the pool's executor
     * @throws IllegalArgumentException when standard input is a stream and there are several hosts
     */
    CompletionStage<GroupResult> executeAsync(Command command);
}
