package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of files on both sides. */
final class Digests {

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            // every Java platform has it
            throw new IllegalStateException(e);
        }
    }

    static byte[] of(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return digest.digest();
    }

    static byte[] of(Requests requests, String path, long size) {
        MessageDigest digest = sha256();
        byte[] handle = requests.open(path, Requests.FOR_READING, Attributes.NONE);
        try {
            ReadAhead content = new ReadAhead(requests, path, handle, 0, size);
            for (Answer piece = content.next(); piece != null; piece = content.next()) {
                int length = piece.length();
                digest.update(piece.array(), piece.position(), length);
            }
        } finally {
            requests.abandon(handle);
        }
        return digest.digest();
    }

    static void compare(Requests requests, String path, byte[] remote, byte[] local) {
        if (!MessageDigest.isEqual(remote, local)) {
            throw new FileTransferException(
                    requests.target(),
                    Side.REMOTE,
                    path,
                    Reason.DIFFERENT,
                    "the SHA-256 digests of " + io.sshpool.impl.pool.Text.printable(path, 300) + " on "
                            + requests.target()
                            + " and here differ; did somebody change the file meanwhile? Nothing was put under the final name",
                    null);
        }
    }
}
