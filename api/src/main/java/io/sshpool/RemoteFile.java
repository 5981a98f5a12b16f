package io.sshpool;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * What a server says of a file. What it does not say is 0, {@link Instant#EPOCH} or empty.
 *
 * @param path its path, as it was asked for or below the directory that was
 * @param type what it is
 * @param size in bytes
 * @param permissions of owner, group and others
 * @param modified when its content changed last, to the second
 * @param owner the number of its owner
 * @param group the number of its group
 */
public record RemoteFile(
        String path,
        Type type,
        long size,
        Set<PosixFilePermission> permissions,
        Instant modified,
        long owner,
        long group) {

    /** What a file is. */
    public enum Type {
        /** A file with content. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        LINK,
        /** A device, a socket, a pipe, or unknown. */
        OTHER
    }

    /** Checks and copies. */
    public RemoteFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(modified, "modified");
        permissions = Set.copyOf(permissions);
    }

    /**
     * The last part of its path.
     *
     * @return the name, without any slash
     */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Whether it is a file with content.
     *
     * @return true for {@link Type#FILE}
     */
    public boolean isFile() {
        return type == Type.FILE;
    }

    /**
     * Whether it is a directory.
     *
     * @return true for {@link Type#DIRECTORY}
     */
    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }
}
