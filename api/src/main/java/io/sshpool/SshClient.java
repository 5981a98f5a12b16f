package io.sshpool;

import java.util.concurrent.CompletionStage;

/**
 * Runs commands on one target over a pooled connection.
 *
 * <p>An application holds one of two kinds: a handle injected with {@link Pooled @Pooled}, which borrows and gives back by
 * itself, or an {@link SshLease} from {@link SshPool#acquire(String)}, which it closes itself. Both are safe for use by several
 * threads: operations that run at the same time use further channels of the same connection, and wait for one, at most
 * the acquire time-out, when it has no more.
 *
 * <p>Every operation may throw what an acquire throws (see {@link SshPool#acquire(String)}), because a handle borrows at its first
 * operation and a lease whose connection died while it was unused moves to another one. An operation that was
 * already sent when its connection died throws {@link ConnectionLostException} and is never run again by the pool.
 */
public interface SshClient {

    /**
     * The target's alias, or its key as {@code user@host:port} where it has none.
     *
     * @return the name by which the pool knows the target
     */
    String target();

    /**
     * Whether an operation could start now without connecting first. Never blocks and sends nothing: a peer that
     * vanished silently is found by the pool's probes, not here.
     *
     * @return for a lease, whether its connection is open; for a handle that has not borrowed yet, whether the pool has an
     *     open connection to the target
     */
    boolean isConnected();

    /**
     * Runs shell text and waits for its end: {@link #execute(Command)} with {@link Command#shell(String)}.
     *
     * @param command shell text, interpreted by the user's login shell on the remote side
     * @return the result, whatever the exit code
     */
    default ExecResult execute(String command) {
        return execute(Command.shell(command));
    }

    /**
     * Runs a command and waits for its end: until its output has ended on both streams, so a background child that keeps
     * them open holds this call.
     *
     * <p>Blocks at most for the acquire time-out and then the command's own ({@link Command#timeout}, else
     * {@code command-timeout} of target or pool, else for ever). An interrupt ends the wait within 100 ms; the command is
     * told to end and its channel is freed.
     *
     * @param command what to run
     * @return the result, whatever the exit code; {@link ExecResult#orThrow()} insists on success
     * @throws CommandTimeoutException after the command's time-out, with the output so far
     * @throws OutputLimitException when the output outgrows {@link Command#maxOutput}
     * @throws ConnectionLostException when the connection died after the command was sent: its outcome is unknown
     * @throws ChannelRefusedException when the server refuses to open a channel, or to run a command
     * @throws SshInterruptedException when the thread is interrupted; its interrupt flag is set again
     * @throws LeaseClosedException when the lease was closed
     */
    ExecResult execute(Command command);

    /**
     * Runs shell text: {@link #executeAsync(Command)} with {@link Command#shell(String)}.
     *
     * @param command shell text
     * @return the stage of the result
     */
    default CompletionStage<ExecResult> executeAsync(String command) {
        return executeAsync(Command.shell(command));
    }

    /**
     * Runs a command without holding a thread. Never blocks and never throws what {@link #execute(Command)} throws: the stage
     * fails with it, unwrapped. Cancelling the stage's {@code toCompletableFuture()} gives the operation up and frees its channel.
     *
     * @param command what to run
     * @return the stage of the result, completed on the pool's executor
     */
    CompletionStage<ExecResult> executeAsync(Command command);

    /**
     * Starts a command and returns while it runs, to write its input and read its output as they come.
     *
     * <p>Blocks until the command was accepted, at most for the acquire time-out and then as long as the connection lives. The command's
     * time-out bounds its running as with {@link #execute(Command)}; {@link Command#maxOutput} bounds no more than one line.
     *
     * @param command what to run
     * @return the running command, to be closed; ends with this lease, or with the request
     * @throws ConnectionLostException when the connection died after the command was sent
     * @throws ChannelRefusedException when the server refuses to open a channel, or to run a command
     * @throws SshInterruptedException when the thread is interrupted; its interrupt flag is set again
     * @throws LeaseClosedException when the lease was closed
     */
    RemoteProcess start(Command command);

    /**
     * Starts shell text: {@link #start(Command)} with {@link Command#shell(String)}.
     *
     * @param command shell text
     * @return the running command
     */
    default RemoteProcess start(String command) {
        return start(Command.shell(command));
    }

    /**
     * Files of the target, over SFTP. Costs nothing and never blocks: a channel is opened by the first operation.
     *
     * @return the files, for as long as this handle or lease can be used
     */
    RemoteFiles files();

    /**
     * Listens on this machine's loopback interface, and leads what connects there through the target to a host and port that the
     * target can reach: {@link #forwardLocal(String, int, String, int)} on {@code 127.0.0.1}.
     *
     * @param localPort the port to listen on, 0 for a free one
     * @param host the host to reach, resolved by the target
     * @param port the port to reach
     * @return the open tunnel
     */
    default Tunnel forwardLocal(int localPort, String host, int port) {
        return forwardLocal("127.0.0.1", localPort, host, port);
    }

    /**
     * Listens on this machine, and leads what connects there through the target to a host and port that the target can reach.
     *
     * <p>Blocks at most for the acquire time-out. Where the target cannot connect, or the server forbids it ({@code
     * AllowTcpForwarding}, {@code PermitOpen}), whoever connected sees its connection closed; tunnel and SSH connection live on.
     *
     * @param bindHost this machine's address to listen on; anything but loopback lets other machines in
     * @param localPort the port to listen on, 0 for a free one
     * @param host the host to reach, resolved by the target
     * @param port the port to reach
     * @return the open tunnel, to be closed; ends with this lease, or with the request
     * @throws TunnelException when the port cannot be listened on
     * @throws SshInterruptedException when the thread is interrupted; its interrupt flag is set again
     */
    Tunnel forwardLocal(String bindHost, int localPort, String host, int port);

    /**
     * Lets the target listen on its loopback interface: {@link #forwardRemote(String, int, String, int)} on {@code 127.0.0.1}.
     *
     * @param remotePort the target's port to listen on, 0 for a free one
     * @param host the host to reach from this machine; its address is looked up now, and stays for the life of the tunnel
     * @param port the port to reach
     * @return the open tunnel
     */
    default Tunnel forwardRemote(int remotePort, String host, int port) {
        return forwardRemote("127.0.0.1", remotePort, host, port);
    }

    /**
     * Lets the target listen, and leads what connects there to a host and port that this machine can reach.
     *
     * <p>Blocks until the server has answered, at most 15 seconds after the acquire.
     *
     * @param bindHost the target's address to listen on; sshd heeds anything but loopback with {@code GatewayPorts} only
     * @param remotePort the target's port to listen on, 0 for a free one
     * @param host the host to reach from this machine; its address is looked up now, and stays for the life of the tunnel
     * @param port the port to reach
     * @return the open tunnel, to be closed; ends with this lease, or with the request
     * @throws TunnelException when the server refuses, as with {@code AllowTcpForwarding no}, or when the port is taken, by another
     *     tunnel of this kind over the same connection on whatever address too
     * @throws SshInterruptedException when the thread is interrupted; its interrupt flag is set again
     */
    Tunnel forwardRemote(String bindHost, int remotePort, String host, int port);

    /**
     * Listens on this machine's loopback interface as a SOCKS proxy: {@link #forwardDynamic(String, int)} on {@code 127.0.0.1}.
     *
     * @param localPort the port to listen on, 0 for a free one
     * @return the open tunnel
     */
    default Tunnel forwardDynamic(int localPort) {
        return forwardDynamic("127.0.0.1", localPort);
    }

    /**
     * Listens on this machine as a SOCKS proxy (versions 4a and 5, without a password), whose connections the target makes.
     *
     * @param bindHost this machine's address to listen on; anything but loopback lets other machines in
     * @param localPort the port to listen on, 0 for a free one
     * @return the open tunnel, to be closed; ends with this lease, or with the request
     * @throws TunnelException when the port cannot be listened on
     * @throws SshInterruptedException when the thread is interrupted; its interrupt flag is set again
     */
    Tunnel forwardDynamic(String bindHost, int localPort);

    /**
     * The connection's native object, for what this API lacks. Connects first when there is no connection yet.
     *
     * <p>From then on the lease keeps this very connection, and the pool retires it when the lease closes, as
     * nobody knows what was done to it.
     *
     * @param <T> the native type
     * @param type the native type, with Apache MINA SSHD {@code org.apache.sshd.client.session.ClientSession}
     * @return the native object; not to be closed or used after the lease
     * @throws IllegalArgumentException when the connection has no such object
     */
    <T> T unwrap(Class<T> type);
}
