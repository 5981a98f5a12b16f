package io.sshpool;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What a command wrote, byte for byte. Immutable. {@code toString} shows sizes only. */
public final class Output implements Serializable {

    /** Nothing on either stream. */
    public static final Output EMPTY = new Output(new byte[0], new byte[0]);

    private static final long serialVersionUID = 1L;

    private final byte[] stdout;
    private final byte[] stderr;

    private Output(byte[] stdout, byte[] stderr) {
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * The output of a command.
     *
     * @param stdout the bytes of standard output
     * @param stderr the bytes of standard error
     * @return both
     */
    public static Output of(byte[] stdout, byte[] stderr) {
        return new Output(
                Objects.requireNonNull(stdout, "stdout").clone(),
                Objects.requireNonNull(stderr, "stderr").clone());
    }

    /**
     * Standard output, exactly.
     *
     * @return a copy of the bytes
     */
    public byte[] stdoutBytes() {
        return stdout.clone();
    }

    /**
     * Standard error, exactly.
     *
     * @return a copy of the bytes
     */
    public byte[] stderrBytes() {
        return stderr.clone();
    }

    /**
     * Standard output as UTF-8; malformed bytes become U+FFFD.
     *
     * @return the text, line ends untouched
     */
    public String stdout() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    /**
     * Standard error as UTF-8; malformed bytes become U+FFFD.
     *
     * @return the text, line ends untouched
     */
    public String stderr() {
        return new String(stderr, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Output[stdout=" + stdout.length + " bytes, stderr=" + stderr.length + " bytes]";
    }
}
