package io.sshpool;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How files are transferred. Immutable: each option returns a copy.
 *
 * <p>Whatever the options, content goes into a temporary file beside the final one, which is renamed when its size, and with {@link #sha256()} its digest, has
 * been checked. So under the final name there is either what was there before or all of the new content.
 *
 * @param resumes see {@link #resume()}
 * @param preservesPermissions see {@link #preservePermissions()}
 * @param preservesTimes see {@link #preserveTimes()}
 * @param checksSha256 see {@link #sha256()}
 * @param permissions see {@link #permissions(Set)}
 * @param progress see {@link #progress(Progress)}
 */
public record Transfer(
        boolean resumes,
        boolean preservesPermissions,
        boolean preservesTimes,
        boolean checksSha256,
        Optional<Set<PosixFilePermission>> permissions,
        Progress progress) {

    private static final Transfer DEFAULTS =
            new Transfer(false, false, false, false, Optional.empty(), (path, bytes, size) -> {});

    /** Hears how far a transfer is. */
    @FunctionalInterface
    public interface Progress {

        /**
         * Bytes have been transferred. Called on the thread that transfers, about once per 256 KiB and at the end of each file; what it
         * throws ends the transfer and reaches the caller. To cancel a transfer, interrupt its thread.
         *
         * @param path the remote file
         * @param bytes how many of it are there, those of an earlier attempt included
         * @param size how many it has in all; of a stream, 0 as long as that is not known
         */
        void transferred(String path, long bytes, long size);
    }

    /** Checks and copies. */
    public Transfer {
        permissions = permissions.map(Set::copyOf);
        Objects.requireNonNull(progress, "progress");
    }

    /**
     * From the beginning; permissions of the file that is replaced, else those that the receiving side gives new files.
     *
     * @return the defaults
     */
    public static Transfer defaults() {
        return DEFAULTS;
    }

    /**
     * Keeps the temporary file when the transfer fails, and goes on from there the next time. Only as long as size and modification
     * time of the source are the same; a changed source starts anew. For files and trees, not for streams.
     *
     * <p>Not for the same source and the same final name at the same time: a second download fails then, but a second upload is not noticed, as
     * SFTP locks nothing, and only {@link #sha256()} finds what the two have written.
     *
     * @return a copy
     */
    public Transfer resume() {
        return new Transfer(true, preservesPermissions, preservesTimes, checksSha256, permissions, progress);
    }

    /**
     * Gives files and new directories the permissions of their source: read, write and execute, never set-user-id. Not for streams.
     *
     * @return a copy
     */
    public Transfer preservePermissions() {
        return new Transfer(resumes, true, preservesTimes, checksSha256, permissions, progress);
    }

    /**
     * Gives files the modification time of their source, to the second. Not for streams.
     *
     * @return a copy
     */
    public Transfer preserveTimes() {
        return new Transfer(resumes, preservesPermissions, true, checksSha256, permissions, progress);
    }

    /**
     * Reads all of the new file once more from the remote side, over SFTP, and compares SHA-256 digests before it is renamed: so a
     * transfer takes about twice the time. Works whatever the user's shell, and where there is none.
     *
     * @return a copy
     */
    public Transfer sha256() {
        return new Transfer(resumes, preservesPermissions, preservesTimes, true, permissions, progress);
    }

    /**
     * Gives files these permissions, from the moment they are made.
     *
     * @param all the permissions
     * @return a copy
     */
    public Transfer permissions(Set<PosixFilePermission> all) {
        return new Transfer(resumes, preservesPermissions, preservesTimes, checksSha256, Optional.of(all), progress);
    }

    /**
     * Reports progress.
     *
     * @param listener hears of it
     * @return a copy
     */
    public Transfer progress(Progress listener) {
        return new Transfer(resumes, preservesPermissions, preservesTimes, checksSha256, permissions, listener);
    }
}
