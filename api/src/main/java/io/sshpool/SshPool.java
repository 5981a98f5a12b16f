package io.sshpool;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * A pool of authenticated SSH connections, shared by all threads of an application.
 *
 * <p>A <em>key</em> names a target: an alias of the configuration, or {@code user@host[:port]} (an IPv6 address in brackets). A key that
 * does not parse, that no target has, or whose host is outside {@code sshpool.allowed-hosts} fails with
 * {@link SshConfigException}; nothing is dialled for it.
 *
 * <p>All methods may be called by any thread. In a container the injected pool is closed by the container;
 * {@link #close()} on it throws {@link IllegalStateException}.
 */
public interface SshPool extends AutoCloseable {

    /**
     * Borrows a connection, waiting at most {@code sshpool.acquire-timeout}: {@link #acquire(String, Duration)}.
     *
     * @param key the target
     * @return a lease, to be closed
     */
    SshLease acquire(String key);

    /**
     * Borrows a connection: a free channel of an open one, else a new one if target and pool have room, else the
     * place of the least recently used idle connection of another target, else the first that becomes free, in
     * the order of arrival.
     *
     * <p>Blocks until it has one, but never longer than the time-out. Giving up does not stop a connect that is under way: it
     * belongs to the pool and serves the next caller.
     *
     * @param key the target
     * @param timeout how long to wait, zero to take only what is free now
     * @return a lease, to be closed
     * @throws AcquireTimeoutException when the time is over; its message has the pool's counts, its cause the last
     *     failure to connect, if any
     * @throws SshConnectException when connecting failed and the target has no other connection
     * @throws SshAuthenticationException when the server rejected the credential; tried once per {@code auth-back-off} however
     *     many callers there are
     * @throws HostKeyException when the server's host key is not trusted
     * @throws TargetUnavailableException at once, while the target backs off after a failed connect
     * @throws PoolClosedException when the pool is closed, or closes meanwhile
     * @throws SshConfigException when the key is malformed, unknown or not allowed
     * @throws SshInterruptedException when the thread is interrupted; its interrupt flag is set again
     */
    SshLease acquire(String key, Duration timeout);

    /**
     * Borrows a connection without holding a thread, with the acquire time-out of the configuration.
     *
     * @param key the target
     * @return the stage of the lease
     */
    CompletionStage<SshLease> acquireAsync(String key);

    /**
     * Borrows a connection without holding a thread. Never blocks, never throws what {@link #acquire(String, Duration)} throws: the
     * stage fails with it, unwrapped. Cancelling the stage's {@code toCompletableFuture()} gives the place in the queue up; a lease
     * that was granted at the same moment goes back by itself.
     *
     * @param key the target
     * @param timeout how long to wait
     * @return the stage of the lease, completed on the pool's executor
     */
    CompletionStage<SshLease> acquireAsync(String key, Duration timeout);

    /**
     * Acquires, runs shell text, and releases.
     *
     * @param key the target
     * @param command shell text
     * @return the result, whatever the exit code
     */
    default ExecResult execute(String key, String command) {
        return execute(key, Command.shell(command));
    }

    /**
     * Acquires, runs a command, and releases. Blocks and throws as {@link #acquire(String)} and {@link SshClient#execute(Command)} do.
     *
     * @param key the target
     * @param command what to run
     * @return the result, whatever the exit code
     */
    ExecResult execute(String key, Command command);

    /**
     * Acquires, runs a command, and releases, without holding a thread. Never blocks, never throws: the stage fails,
     * unwrapped. Cancelling it gives up the wait or the command.
     *
     * @param key the target
     * @param command what to run
     * @return the stage of the result, completed on the pool's executor
     */
    CompletionStage<ExecResult> executeAsync(String key, Command command);

    /**
     * Several targets, to run one command on: {@code pool.each(keys).execute(command)}. Does not block, and looks at no key before the command
     * runs: a malformed one is a failure in the result.
     *
     * @param keys targets; of duplicates, the first counts
     * @return the targets as one
     */
    SshGroup each(Collection<String> keys);

    /**
     * Probes every open connection now, within {@code sshpool.validation-timeout}: {@link #healthCheck(Duration)}.
     *
     * @return what was found
     */
    HealthReport healthCheck();

    /**
     * Probes every open connection now: one round trip each, all at the same time. Borrows nothing, dials nothing and
     * delays no caller. Connections that do not answer are retired.
     *
     * @param timeout how long an answer may take; the call blocks no longer than that
     * @return what was found
     * @throws SshInterruptedException when the thread is interrupted; its interrupt flag is set again
     * @throws PoolClosedException when the pool is closed
     */
    HealthReport healthCheck(Duration timeout);

    /**
     * Counters and gauges of this moment. Never blocks on the network; works on a closed pool too.
     *
     * @return a consistent snapshot
     */
    PoolStats stats();

    /**
     * Retires a target's connections, for instance because its credential was changed: they take no new work and close when
     * what they carry is over; a lease that is open goes on with another one at its next operation. Ends the target's back-off and
     * forgets its learned channel limit. Does not block.
     *
     * @param key the target
     * @return how many connections were retired
     */
    int evict(String key);

    /**
     * Closes the pool: new acquires and waiters fail with {@link PoolClosedException}, running operations get
     * {@code sshpool.shutdown-timeout}, then everything is closed. Blocks until then; an interrupt forces at once. Called from one
     * of the pool's own threads it does not wait. Closing again does nothing.
     */
    @Override
    void close();
}
