package io.sshpool.impl.pool;

import io.sshpool.SshException;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server in memory: does what a test scripts, and keeps books of what the pool did to it. Thread-safe. */
final class FakeServer {

    /** How it answers probes. */
    enum Probes {
        ANSWERED,
        FAILED,
        UNANSWERED
    }

    // ---- the script

    volatile Duration dialTakes = Duration.ZERO;
    volatile Duration probeTakes = Duration.ZERO;
    /** From now on handshakes get as far as the authentication. */
    volatile boolean dialsStall;
    /** Connects are refused in the very call, against the contract with an exception. */
    volatile boolean dialsThrow;
    /** What every dial fails with, empty for none. */
    volatile Optional<Function<Target, SshException>> dialsFail = Optional.empty();
    /** What the next dials fail with, one each. */
    final Queue<Function<Target, SshException>> nextDialsFail = new ConcurrentLinkedQueue<>();

    /** The credential that a client shows. */
    volatile Object credential = "first";

    /** How long the credential of a connection holds, empty for ever. */
    volatile Optional<Duration> validFor = Optional.empty();

    volatile int maxSessions = Integer.MAX_VALUE;
    volatile Probes probes = Probes.ANSWERED;
    /** Connections say no goodbye: only abort ends them. */
    volatile boolean closeHangs;
    /** Channels stay open after their command has been given up. */
    volatile boolean channelsHang;
    /** So many of the next commands find that the connection is dead, before anything is sent. */
    final AtomicInteger deathsBeforeSending = new AtomicInteger();
    /** So many of the next commands are lost after they were sent. */
    final AtomicInteger deathsAfterSending = new AtomicInteger();

    // ---- the books

    final Set<FakeConnection> open = ConcurrentHashMap.newKeySet();
    /** All there ever were, if it remembers. */
    final List<FakeConnection> connections = new CopyOnWriteArrayList<>();
    /** Commands that reached it. */
    final List<String> commands = new CopyOnWriteArrayList<>();
    /** The environment of each of them. */
    final List<Map<String, String>> environments = new CopyOnWriteArrayList<>();

    final AtomicInteger dials = new AtomicInteger();
    final AtomicInteger dialing = new AtomicInteger();
    final AtomicInteger mostDialing = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger mostChannels = new AtomicInteger();
    /** Connections that the pool closed more than once, or took for open after their end. */
    final AtomicInteger closedTwice = new AtomicInteger();
    /** Keeps books whose size grows with every connection and command. */
    volatile boolean remembers = true;

    void dialBegins() {
        dials.incrementAndGet();
        int now = dialing.incrementAndGet();
        mostDialing.accumulateAndGet(now, Math::max);
        most.accumulateAndGet(transports(), Math::max);
    }

    void opens(FakeConnection connection) {
        if (remembers) {
            connections.add(connection);
        }
        open.add(connection);
    }

    /** Handshakes under way and open connections. */
    int transports() {
        return open.size() + dialing.get();
    }

    int running() {
        return open.stream().mapToInt(FakeConnection::channels).sum();
    }

    /** Ends all connections without a goodbye. */
    void kill() {
        new ArrayList<>(open).forEach(FakeConnection::die);
    }

    Optional<Function<Target, SshException>> nextFailure() {
        Function<Target, SshException> next = nextDialsFail.poll();
        return next == null ? dialsFail : Optional.of(next);
    }

    static boolean takeOne(AtomicInteger count) {
        return count.get() > 0 && count.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
}
