package io.sshpool.impl.telemetry;

import io.sshpool.SshException;
import io.sshpool.impl.pool.Text;

/** What may be told of a failure. */
final class Failure {

    private static final int LONGEST_MESSAGE = 600;

    private Failure() {}

    /** Class and message, or the class alone: only our own messages are known to hold no secret. */
    static String describe(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure instanceof SshException ? name + ": " + printable(failure.getMessage()) : name;
    }

    /** The class, of which there are few. */
    static String type(Throwable failure) {
        return failure.getClass().getName();
    }

    static String printable(String text) {
        return Text.printable(text, LONGEST_MESSAGE);
    }
}
