package io.sshpool.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** How a scripted command behaves. Immutable: each option returns a copy. */
public final class Reply {

    private final byte[] stdout;
    private final byte[] stderr;
    private final int exitCode;
    private final Duration delay;
    private final boolean dropped;

    private Reply(byte[] stdout, byte[] stderr, int exitCode, Duration delay, boolean dropped) {
        this.stdout = stdout;
        this.stderr = stderr;
        this.exitCode = exitCode;
        this.delay = delay;
        this.dropped = dropped;
    }

    /**
     * Success with output.
     *
     * @param text for standard output, as UTF-8
     * @return the reply
     */
    public static Reply stdout(String text) {
        return stdout(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Success with output.
     *
     * @param bytes for standard output
     * @return the reply
     */
    public static Reply stdout(byte[] bytes) {
        return new Reply(bytes.clone(), new byte[0], 0, Duration.ZERO, false);
    }

    /**
     * An exit code without output.
     *
     * @param code 0 to 255
     * @return the reply
     */
    public static Reply exit(int code) {
        return new Reply(new byte[0], new byte[0], code, Duration.ZERO, false);
    }

    /**
     * The whole connection drops, without an exit code.
     *
     * @return the reply
     */
    public static Reply dropConnection() {
        return new Reply(new byte[0], new byte[0], 0, Duration.ZERO, true);
    }

    /**
     * With this on standard error.
     *
     * @param text as UTF-8
     * @return a copy
     */
    public Reply withStderr(String text) {
        return new Reply(stdout, text.getBytes(StandardCharsets.UTF_8), exitCode, delay, dropped);
    }

    /**
     * With this exit code.
     *
     * @param code 0 to 255
     * @return a copy
     */
    public Reply withExit(int code) {
        return new Reply(stdout, stderr, code, delay, dropped);
    }

    /**
     * Later: the output, too, comes after this time.
     *
     * @param time from the command's start
     * @return a copy
     */
    public Reply after(Duration time) {
        return new Reply(stdout, stderr, exitCode, time, dropped);
    }

    byte[] stdoutBytes() {
        return stdout;
    }

    byte[] stderrBytes() {
        return stderr;
    }

    int exitCode() {
        return exitCode;
    }

    Duration delay() {
        return delay;
    }

    boolean isDropped() {
        return dropped;
    }
}
