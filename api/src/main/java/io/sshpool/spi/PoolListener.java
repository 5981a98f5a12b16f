package io.sshpool.spi;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.PoolStats;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hears what the pool does. A method that starts an operation runs on the caller's thread and returns an observer of that
 * operation, which may be called on any thread: so it can carry the caller's context along.
 *
 * <p>Called outside the pool's lock; must not block. What a listener throws is logged and changes nothing.
 */
public interface PoolListener {

    /**
     * The pool is open. Called once, before all others.
     *
     * @param stats a snapshot whenever it is asked for, on any thread, until {@link #closed()}
     */
    default void opened(Supplier<PoolStats> stats) {}

    /**
     * A caller wants a connection.
     *
     * @param target the target
     * @return its observer
     */
    default Acquire acquiring(Target target) {
        return Acquire.NONE;
    }

    /**
     * The pool dials.
     *
     * @param target the target
     * @return its observer
     */
    default Connect connecting(Target target) {
        return Connect.NONE;
    }

    /**
     * A caller wants a command to run, which may have to wait for a connection first.
     *
     * @param target the target
     * @param command what is run; its text and values must not be published
     * @return its observer
     */
    default Execute executing(Target target, Command command) {
        return Execute.NONE;
    }

    /**
     * A caller does something with files.
     *
     * @param target the target
     * @param operation the name of the method of {@link io.sshpool.RemoteFiles}
     * @return its observer
     */
    default Files usingFiles(Target target, String operation) {
        return Files.NONE;
    }

    /**
     * A caller opens a tunnel.
     *
     * @param target the target
     * @param forwarding what it shall do
     * @return its observer
     */
    default Forward forwarding(Target target, Forwarding forwarding) {
        return Forward.NONE;
    }

    /**
     * A health check begins.
     *
     * @return its observer
     */
    default HealthCheck checkingHealth() {
        return HealthCheck.NONE;
    }

    /**
     * A clean-up begins.
     *
     * @return its observer
     */
    default Cleanup cleaningUp() {
        return Cleanup.NONE;
    }

    /**
     * A connection is closed.
     *
     * @param target the target
     * @param connection its number
     * @param reason why
     * @param age since its connect began
     */
    default void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {}

    /**
     * A lease has held a connection for longer than {@code leak-detection-threshold}: one from an acquire since then, a request's since
     * it last ran nothing. Called once for each lease.
     *
     * @param target the target
     * @param held for how long
     * @param acquired where it was acquired; the message names the injection point of a handle
     */
    default void leaseOverdue(Target target, Duration held, Throwable acquired) {}

    /**
     * A lease became unreachable without having been closed, and was reclaimed.
     *
     * @param target the target
     * @param acquired where it was acquired, present where {@code leak-detection-threshold} is set
     */
    default void leaseReclaimed(Target target, Optional<Throwable> acquired) {}

    /**
     * The pool lowered the number of channels that it opens on one connection to a target.
     *
     * @param target the target
     * @param channels the new limit
     */
    default void channelLimitLearned(Target target, int channels) {}

    /** The pool is closed, and its last connection gone. Called once, after all others. */
    default void closed() {}

    /** Observes an acquire, and the lease that came of it. */
    interface Acquire {
        /** Sees nothing. */
        Acquire NONE = new Acquire() {};

        /**
         * A lease was granted.
         *
         * @param connection the connection's number
         * @param reused whether the connection had been used before
         */
        default void granted(long connection, boolean reused) {}

        /**
         * The acquire failed or was given up.
         *
         * @param failure what the caller got
         */
        default void failed(Throwable failure) {}

        /**
         * The lease was given back. A request's lease is given back whenever it gives way, too, and acquires again for its next
         * operation. Called once for each grant.
         */
        default void released() {}
    }

    /** Observes a dial. */
    interface Connect {
        /** Sees nothing. */
        Connect NONE = new Connect() {};

        /**
         * It is open.
         *
         * @param connection the connection's number
         */
        default void connected(long connection) {}

        /**
         * It failed.
         *
         * @param failure why
         */
        default void failed(SshException failure) {}
    }

    /** Observes a command. */
    interface Execute {
        /** Sees nothing. */
        Execute NONE = new Execute() {};

        /**
         * It has a connection and is about to be sent; again where that connection was lost or refused it before the command was
         * sent. Not called when the command never got that far.
         */
        default void started() {}

        /**
         * What the command is to find in its environment besides its own variables, which come first. Asked after
         * {@link #started}. Such variables need a POSIX login shell, as those of {@link Command#env} do.
         *
         * @return values by name, each name a shell identifier; mostly none
         */
        default Map<String, String> environment() {
            return Map.of();
        }

        /**
         * It ended, and the server said how. Whoever waits for the result goes on after this has returned.
         *
         * @param result how
         */
        default void completed(ExecResult result) {}

        /**
         * It failed or was given up. Whoever waits for the result goes on after this has returned.
         *
         * @param failure what the caller got
         */
        default void failed(Throwable failure) {}
    }

    /** Observes an operation on files; of a stream that is opened, until it is closed. */
    interface Files {
        /** Sees nothing. */
        Files NONE = new Files() {};

        /** It ended well. */
        default void completed() {}

        /**
         * It failed.
         *
         * @param failure what the caller got
         */
        default void failed(Throwable failure) {}
    }

    /** Observes a tunnel. */
    interface Forward {
        /** Sees nothing. */
        Forward NONE = new Forward() {};

        /**
         * It is open.
         *
         * @param port on which it listens
         */
        default void opened(int port) {}

        /**
         * It could not be opened.
         *
         * @param failure what the caller got
         */
        default void failed(Throwable failure) {}

        /** It was open, and is not any more. */
        default void closed() {}
    }

    /** Observes a health check. */
    interface HealthCheck {
        /** Sees nothing. */
        HealthCheck NONE = new HealthCheck() {};

        /**
         * It ended.
         *
         * @param report what it found
         */
        default void completed(HealthReport report) {}
    }

    /** Observes a clean-up. */
    interface Cleanup {
        /** Sees nothing. */
        Cleanup NONE = new Cleanup() {};

        /**
         * It ended.
         *
         * @param removed how many connections it closed
         */
        default void completed(int removed) {}
    }
}
