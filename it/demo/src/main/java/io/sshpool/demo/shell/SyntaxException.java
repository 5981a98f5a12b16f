package io.sshpool.demo.shell;

/** The text is no command that this shell understands. */
final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
        super(message);
    }
}
