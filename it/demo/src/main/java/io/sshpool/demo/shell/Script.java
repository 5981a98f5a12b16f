package io.sshpool.demo.shell;

import java.io.IOException;
import java.util.List;

/**
 * A program that always says the same: lines, and how it exits.
 *
 * @param exitCode its exit code
 * @param millisPerLine how long it ponders before each line
 * @param lines what it writes, to standard error where a line starts with {@code "! "}
 */
public record Script(int exitCode, long millisPerLine, List<String> lines) {

    private static final String STDERR = "! ";

    /** Copies the lines. */
    public Script {
        lines = List.copyOf(lines);
    }

    static Script ok(String text) {
        return new Script(0, 0, text.lines().toList());
    }

    static Script slow(long millisPerLine, String text) {
        return new Script(0, millisPerLine, text.lines().toList());
    }

    Script failing(int code) {
        return new Script(code, millisPerLine, lines);
    }

    int run(Streams io) throws IOException, InterruptedException {
        for (String line : lines) {
            if (millisPerLine > 0) {
                io.pause().millis(millisPerLine);
            }
            if (line.startsWith(STDERR)) {
                io.err().line(line.substring(STDERR.length()));
            } else {
                io.out().line(line);
            }
        }
        return exitCode;
    }
}
