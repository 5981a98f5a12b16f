package io.sshpool.impl.telemetry;

import io.sshpool.SshException;
import io.sshpool.impl.pool.Text;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What may be told of a failure. */
final class Failure {

    private static final int LONGEST_MESSAGE = 600;
    private static final int MOST_CAUSES = 5;

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

    /** The class, and those of its causes: a container wraps what a bean's producer throws. */
    static String types(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .map(Failure::type)
                .collect(Collectors.joining(", caused by "));
    }

    static String printable(String text) {
        return Text.printable(text, LONGEST_MESSAGE);
    }
}
