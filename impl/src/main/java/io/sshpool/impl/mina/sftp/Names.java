package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.impl.pool.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.UUID;

/** Names that a server made up, and those of temporary files. */
final class Names {

    private static final int LONGEST = 1024;
    private static final int LONGEST_KEPT = 60;

    private Names() {}

    /** Insists that a name leads to nothing but a child of its directory. */
    static String plain(Requests requests, String directory, String name) {
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0
                || name.length() > LONGEST) {
            throw requests.failure(
                    "listing",
                    directory,
                    Reason.UNSAFE_NAME,
                    "the server says that there is a \"" + Text.printable(name, 100)
                            + "\" in it, which is no file's name; do not trust this server",
                    null);
        }
        return name;
    }

    /** The local file of a plain name, which is a child of its directory by the rules of this system too. */
    static Path child(String target, Path directory, String name) {
        Path child = null;
        try {
            child = directory.resolve(name);
        } catch (InvalidPathException e) {
            // as below
        }
        boolean safe = child != null
                && directory.equals(child.getParent())
                && child.getFileName().toString().equals(name);
        if (!safe) {
            throw unsafe(target, directory, "the server's name \"" + Text.printable(name, 100) + "\" is none here");
        }
        return child;
    }

    /**
     * Insists that a link which lies so deep below the root of a tree leads to nothing above that root, whatever other links of the
     * tree it leads through: none of them is above. Only at its beginning can a {@code ..} be told where it leads.
     */
    static void within(String target, Path link, String text, int depth) {
        int up = 0;
        boolean down = false;
        boolean safe = !text.isEmpty() && !text.startsWith("/") && text.indexOf('\0') < 0 && text.indexOf('\\') < 0;
        for (String part : text.split("/")) {
            if (part.equals("..")) {
                safe &= !down && ++up <= depth;
            } else if (!part.isEmpty() && !part.equals(".")) {
                down = true;
            }
        }
        if (!safe) {
            String to = Text.printable(text, 100);
            throw unsafe(
                    target, link, "the server has a symbolic link to \"" + to + "\" there, which may lead outside");
        }
    }

    /** The text of a link as a path of this system. */
    static Path local(String target, Path link, String text) {
        try {
            Path path = link.getFileSystem().getPath(text);
            if (path.getRoot() == null) {
                return path;
            }
        } catch (InvalidPathException e) {
            // as below
        }
        throw unsafe(target, link, "the server's symbolic link there says what is no path here");
    }

    static FileTransferException unsafe(String target, Path path, String why) {
        String message =
                "downloading from " + target + " to " + path + " ended: " + why + "; nothing was written there";
        return new FileTransferException(target, Side.LOCAL, path.toString(), Reason.UNSAFE_NAME, message, null);
    }

    static String in(String directory, String name) {
        return directory.isEmpty() ? name : directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    /** A path beside a remote one. */
    static String beside(String path, String name) {
        return path.substring(0, path.lastIndexOf('/') + 1) + name;
    }

    static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The name of a temporary file that nobody has. */
    static String temporary(String name) {
        return temporary(name, UUID.randomUUID().toString().substring(24));
    }

    /** The name of the temporary file for a source that has not changed. */
    static String temporary(String name, long size, long modified) {
        return temporary(name, Long.toHexString(size) + "-" + Long.toHexString(modified));
    }

    private static String temporary(String name, String letters) {
        // with both ends, so that it fits where the name just does
        return name.length() <= LONGEST_KEPT
                ? "." + name + "." + letters + ".part"
                : "." + beginning(name) + "." + mark(name) + letters + ".part";
    }

    /** Tells names apart that begin alike. */
    private static String mark(String name) {
        byte[] digest = Digests.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, 8) + "-";
    }

    private static String beginning(String name) {
        // no half of a character
        int end = Character.isHighSurrogate(name.charAt(LONGEST_KEPT - 1)) ? LONGEST_KEPT - 1 : LONGEST_KEPT;
        return name.substring(0, end);
    }
}
