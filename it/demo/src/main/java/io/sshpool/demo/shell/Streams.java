package io.sshpool.demo.shell;

import java.io.IOException;
import java.util.Objects;

/**
 * Where a command writes to.
 *
 * @param out standard output
 * @param err standard error
 * @param pause waits, after having sent what was written so far
 */
public record Streams(Sink out, Sink err, Pause pause) {

    /** Checks that nothing is null. */
    public Streams {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(err, "err");
        Objects.requireNonNull(pause, "pause");
    }

    /** Lets time go by. */
    @FunctionalInterface
    public interface Pause {

        /**
         * Waits.
         *
         * @param millis how long
         * @throws IOException when the reader is gone
         * @throws InterruptedException when the command shall end
         */
        void millis(long millis) throws IOException, InterruptedException;
    }

    Streams withOut(Sink sink) {
        return new Streams(sink, err, pause);
    }

    Streams redirected(Lexer.Redirections to) {
        return new Streams(chosen(to.out()), chosen(to.err()), pause);
    }

    private Sink chosen(Lexer.Redirections.To to) {
        return switch (to) {
            case OUT -> out;
            case ERR -> err;
            case NOWHERE -> line -> {};
        };
    }
}
