package io.sshpool;

import java.util.Objects;

/**
 * A terminal for a command to run in (RFC 4254, 6.2).
 *
 * @param term its kind, such as {@code xterm}
 * @param columns its width in characters
 * @param rows its height in characters
 */
public record Pty(String term, int columns, int rows) {

    /** Checks the size. */
    public Pty {
        Objects.requireNonNull(term, "term");
        if (columns < 1 || rows < 1) {
            throw new IllegalArgumentException("a terminal has at least one column and one row");
        }
    }
}
