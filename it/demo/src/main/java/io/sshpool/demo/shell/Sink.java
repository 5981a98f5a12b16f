package io.sshpool.demo.shell;

import java.io.IOException;

/** Takes lines of text. */
@FunctionalInterface
public interface Sink {

    /**
     * Takes one line.
     *
     * @param line without its end
     * @throws ClosedPipeException when the reader wants no more
     * @throws IOException when the reader is gone
     */
    void line(String line) throws IOException;
}
