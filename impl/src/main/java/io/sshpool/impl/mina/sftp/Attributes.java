package io.sshpool.impl.mina.sftp;

import io.sshpool.RemoteFile;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is said of a file (draft 02, 5), as far as it is said.
 *
 * @param size bytes
 * @param mode type and permissions, as POSIX has them
 * @param modified seconds since 1970
 * @param owner user number
 * @param group group number
 */
record Attributes(OptionalLong size, OptionalInt mode, OptionalLong modified, long owner, long group) {

    static final Attributes NONE =
            new Attributes(OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty(), 0, 0);

    private static final int SIZE = 1;
    private static final int OWNER = 2;
    private static final int PERMISSIONS = 4;
    private static final int TIMES = 8;
    private static final int EXTENDED = 0x8000_0000;

    private static final int TYPE_MASK = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;

    static Attributes permissions(Set<PosixFilePermission> permissions) {
        return NONE.with(OptionalInt.of(bits(permissions)));
    }

    static Attributes modified(Instant time) {
        return new Attributes(NONE.size, NONE.mode, OptionalLong.of(time.getEpochSecond()), 0, 0);
    }

    Attributes with(OptionalInt permissionBits) {
        return new Attributes(size, permissionBits, modified, owner, group);
    }

    Attributes with(Instant time) {
        return new Attributes(size, mode, OptionalLong.of(time.getEpochSecond()), owner, group);
    }

    boolean isEmpty() {
        return size.isEmpty() && mode.isEmpty() && modified.isEmpty();
    }

    static Attributes read(Answer answer) {
        int flags = answer.number();
        OptionalLong size = (flags & SIZE) != 0 ? OptionalLong.of(answer.longNumber()) : OptionalLong.empty();
        long owner = (flags & OWNER) != 0 ? answer.unsigned() : 0;
        long group = (flags & OWNER) != 0 ? answer.unsigned() : 0;
        OptionalInt mode = (flags & PERMISSIONS) != 0 ? OptionalInt.of(answer.number()) : OptionalInt.empty();
        OptionalLong modified = OptionalLong.empty();
        if ((flags & TIMES) != 0) {
            // of the last access
            answer.number();
            modified = OptionalLong.of(answer.unsigned());
        }
        if ((flags & EXTENDED) != 0) {
            for (long left = answer.unsigned(); left > 0; left--) {
                answer.bytes();
                answer.bytes();
            }
        }
        return new Attributes(size, mode, modified, owner, group);
    }

    void writeTo(Packet packet) {
        packet.number((mode.isPresent() ? PERMISSIONS : 0) | (modified.isPresent() ? TIMES : 0));
        mode.ifPresent(packet::number);
        modified.ifPresent(seconds -> packet.number((int) seconds).number((int) seconds));
    }

    RemoteFile.Type type() {
        return switch (mode.orElse(0) & TYPE_MASK) {
            case DIRECTORY -> RemoteFile.Type.DIRECTORY;
            case FILE -> RemoteFile.Type.FILE;
            case LINK -> RemoteFile.Type.LINK;
            default -> RemoteFile.Type.OTHER;
        };
    }

    /** Whether it is of a type as far as the server has said: some say of no file what it is. */
    boolean mayBe(RemoteFile.Type wanted) {
        return (mode.orElse(0) & TYPE_MASK) == 0 || type() == wanted;
    }

    boolean isDirectory() {
        return type() == RemoteFile.Type.DIRECTORY;
    }

    Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission one : PosixFilePermission.values()) {
            if ((mode.orElse(0) & bit(one)) != 0) {
                all.add(one);
            }
        }
        return all;
    }

    Optional<Instant> time() {
        return modified.isPresent() ? Optional.of(Instant.ofEpochSecond(modified.getAsLong())) : Optional.empty();
    }

    RemoteFile named(String path) {
        return new RemoteFile(path, type(), size.orElse(0), permissions(), time().orElse(Instant.EPOCH), owner, group);
    }

    static int bits(Set<PosixFilePermission> permissions) {
        return permissions.stream().mapToInt(Attributes::bit).sum();
    }

    // From 0400 for the owner's read down to 0001.
    private static int bit(PosixFilePermission permission) {
        return 0400 >> permission.ordinal();
    }
}
