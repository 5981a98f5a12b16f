package io.sshpool;

import java.util.Objects;

/**
 * An operation on files failed, on a connection that lives on. Nothing stands under the final name that was not there before,
 * unless the message says so.
 */
public final class FileTransferException extends SshException {

    private static final long serialVersionUID = 1L;

    /** Whose file system. */
    public enum Side {
        /** This machine's. */
        LOCAL,
        /** The target's. */
        REMOTE
    }

    /** What was wrong. */
    public enum Reason {
        /** There is no such file or directory. */
        NOT_FOUND,
        /** The user may not do this there. */
        PERMISSION_DENIED,
        /** There is something under that name already, or something of another kind than was expected. */
        WRONG_KIND,
        /** A name that a server gave would lead out of the directory that was asked for, or cannot be a file's name here. */
        UNSAFE_NAME,
        /** Sizes differ: the file was cut short, or changed meanwhile. */
        TRUNCATED,
        /** SHA-256 digests differ. */
        DIFFERENT,
        /** The SFTP server said nothing for {@code command-timeout}: its disk hangs, or its host. A temporary file may be left there. */
        TIMEOUT,
        /** The server cannot do this. */
        UNSUPPORTED,
        /** Anything else: a full disk, a quota, too many open files. Servers seldom say which. */
        FAILED
    }

    private final Side side;
    private final String path;
    private final Reason reason;

    /**
     * A failure.
     *
     * @param target the target's name
     * @param side whose file system
     * @param path the file concerned
     * @param reason what was wrong
     * @param message what was tried, what was wrong, what to do
     * @param cause the cause, or null
     */
    public FileTransferException(
            String target, Side side, String path, Reason reason, String message, Throwable cause) {
        super(target, message, cause, false);
        this.side = Objects.requireNonNull(side, "side");
        this.path = Objects.requireNonNull(path, "path");
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Whose file system the failure is in.
     *
     * @return the side
     */
    public Side side() {
        return side;
    }

    /**
     * The file concerned, on {@link #side()}.
     *
     * @return its path; where a server made it up, as it came, so mind what you do with it
     */
    public String path() {
        return path;
    }

    /**
     * What was wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
