package io.sshpool.impl.mina;

import io.sshpool.Command;
import io.sshpool.PoolConfig;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.Execution;
import io.sshpool.spi.FilesChannel;
import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.ProcessChannel;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.global.GlobalRequestException;
import org.apache.sshd.common.util.buffer.Buffer;

/** An authenticated MINA session. */
final class MinaConnection implements SshConnection {

    private static final String KEEP_ALIVE = "keepalive@openssh.com";

    /** Up to so many channels, sshd at its default MaxSessions frees the slot of a closed one in time for the next (measured). */
    private static final int MOST_WITHOUT_BARRIER = 5;

    private final PooledSession session;
    private final Setting setting;
    private final Set<Use> uses = ConcurrentHashMap.newKeySet();
    private final Set<Forward> forwards = ConcurrentHashMap.newKeySet();
    // For good: who has filled the connection once does so again, and within the turn that a slot needs.
    private volatile boolean crowded;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * What a connection knows of the pool.
     *
     * @param target whose connection it is
     * @param config heartbeat and output limit
     * @param threads time and threads
     * @param tight servers that have refused a channel; shared by all connections
     */
    record Setting(Target target, PoolConfig config, PoolThreads threads, Set<String> tight) {}

    /** A channel of this connection. */
    interface Use {

        /** Opens it. Never blocks, never throws. */
        void start();

        /** The session is down; so is the channel, whatever became of it. */
        void connectionDown();
    }

    private MinaConnection(PooledSession session, Setting setting) {
        this.session = session;
        this.setting = setting;
    }

    /** Takes a session over: from now on it has a heartbeat. */
    static MinaConnection over(PooledSession session, Setting setting) {
        MinaConnection connection = new MinaConnection(session, setting);
        Heartbeat heartbeat = Heartbeat.of(connection, setting);
        session.addCloseFutureListener(future -> {
            heartbeat.stop();
            connection.uses.forEach(Use::connectionDown);
            connection.closed.complete(null);
            connection.forwards.forEach(Forward::close);
        });
        return connection;
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed;
    }

    @Override
    public Optional<Duration> validFor() {
        return session.login()
                .accepted()
                .flatMap(identity -> identity.shown().certificate())
                .flatMap(certificate -> Validity.onWallClock().left(certificate));
    }

    @Override
    public CompletionStage<Void> probe() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        try {
            Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST, KEEP_ALIVE.length() + 8);
            request.putString(KEEP_ALIVE);
            request.putBoolean(true);
            // Without a handler of its own the future has the answer, a refusal included, or the end of the session.
            session.request(request, KEEP_ALIVE, null).addListener(future -> {
                Throwable failure = future.getException();
                if (failure == null || failure instanceof GlobalRequestException) {
                    answer.complete(null);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    @Override
    public Execution execute(Command command) {
        return begin(MinaExecution.keeping(this, command));
    }

    @Override
    public ProcessChannel start(Command command, ProcessChannel.Receiver receiver) {
        MinaProcess process = new MinaProcess(this, command, receiver);
        begin(process.execution());
        return process;
    }

    @Override
    public FilesChannel openFiles() {
        return begin(new MinaFiles(this));
    }

    @Override
    public CompletionStage<Forward> forward(Forwarding forwarding) {
        CompletableFuture<Forward> opening = MinaForward.open(this, forwarding);
        opening.thenAccept(this::keep);
        return opening;
    }

    private void keep(Forward opened) {
        forwards.add(opened);
        opened.closed().thenRun(() -> forwards.remove(opened));
        // The other side of the race with the close listener, which ends only those it finds.
        if (closed.isDone()) {
            opened.close();
        }
    }

    private <U extends Use> U begin(U use) {
        uses.add(use);
        if (uses.size() > MOST_WITHOUT_BARRIER) {
            crowded = true;
        }
        use.start();
        // The other side of the race with the close listener, which tells only those it finds.
        if (closed.isDone()) {
            use.connectionDown();
        }
        return use;
    }

    /**
     * A channel is closed on both sides; says when its slot may be used again. sshd frees it one turn later,
     * and refuses whoever comes in between: an answer to another message says that the turn is over.
     */
    CompletionStage<Void> freed() {
        boolean close = crowded || setting.tight().contains(setting.target().server());
        return close ? probe() : CompletableFuture.completedStage(null);
    }

    /** The server has no channel left for us. */
    void refused() {
        setting.tight().add(setting.target().server());
    }

    /** A use is over, its slot included. */
    void forget(Use use) {
        uses.remove(use);
        session.settle();
    }

    PooledSession session() {
        return session;
    }

    Setting setting() {
        return setting;
    }

    @Override
    public CompletionStage<Void> close() {
        try {
            // Not session.close(false): that waits for the commands under way.
            session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, "closed");
        } catch (IOException | RuntimeException e) {
            session.close(true);
        }
        return closed;
    }

    @Override
    public void abort() {
        session.close(true);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(session) ? Optional.of(type.cast(session)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "MinaConnection[" + setting.target().name() + ", " + (isOpen() ? "open" : "closed") + "]";
    }
}
