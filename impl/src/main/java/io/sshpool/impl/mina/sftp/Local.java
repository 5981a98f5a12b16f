package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.SshException;
import io.sshpool.SshInterruptedException;
import io.sshpool.impl.pool.Text;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Failures of this machine's file system, as callers get them. */
final class Local {

    /** Something that is done here. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    private Local() {}

    static <T> T run(Requests requests, String doing, Path path, Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw failure(requests, doing, path.toString(), e);
        }
    }

    static RuntimeException failure(Requests requests, String doing, String path, IOException e) {
        if (e.getCause() instanceof SshException ours) {
            return ours;
        }
        if (isInterrupt(e)) {
            Thread.currentThread().interrupt();
            InterruptedException cause = new InterruptedException();
            cause.initCause(e);
            return new SshInterruptedException(
                    requests.target(), "interrupted in the midst of files of " + requests.target(), cause);
        }
        return failure(requests, doing, path, reason(e), text(e), e);
    }

    private static boolean isInterrupt(IOException e) {
        return e instanceof ClosedByInterruptException
                || e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
    }

    static FileTransferException failure(
            Requests requests, String doing, String path, Reason reason, String why, Throwable cause) {
        String message = doing + " " + path + " here, for a transfer with " + requests.target() + ", failed: " + why;
        return new FileTransferException(requests.target(), Side.LOCAL, path, reason, message, cause);
    }

    private static Reason reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return Reason.NOT_FOUND;
        }
        return e instanceof AccessDeniedException ? Reason.PERMISSION_DENIED : Reason.FAILED;
    }

    private static String text(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String said = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName() : Text.printable(said, 200);
    }
}
