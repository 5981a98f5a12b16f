package io.sshpool.demo.shell;

import java.io.IOException;

/** The reader of a pipe, such as {@code head}, has all that it wants. */
final class ClosedPipeException extends IOException {

    private static final long serialVersionUID = 1L;

    ClosedPipeException() {
        super("the pipe is closed");
    }
}
