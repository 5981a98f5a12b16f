package io.sshpool;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files of a target, over SFTP (version 3, draft-ietf-secsh-filexfer-02, with the extensions of OpenSSH where the server has them). Safe for use by
 * several threads, which share one SFTP channel; a channel that died is opened again by the next operation.
 *
 * <p>Remote paths have slashes; relative ones start at the user's home. Names are UTF-8. Symbolic links are followed by {@link #stat}, {@link #list},
 * {@link #download}, {@link #read} and {@link #write}, by nothing else.
 *
 * <p>Every method blocks for as long as the server takes; a dead host is found by the pool's heartbeat, an SFTP server that says nothing by
 * {@link PoolConfig#commandTimeout()}, if that is set. An interrupt ends the wait within 100 ms. While nothing
 * runs the channel's slot goes to whoever waits for one. All may throw, beside what an acquire throws,
 *
 * <ul>
 *   <li>{@link FileTransferException}: it says which side, which path, why;
 *   <li>{@link ConnectionLostException}: how far the operation came is unknown, and it is never repeated by the pool; of a transfer, nothing
 *       half is under the final name, but the temporary file {@code .<name>.<letters>.part} may be left on the remote side;
 *   <li>{@link SshInterruptedException}, {@link LeaseClosedException}, {@link ChannelRefusedException} from a server without SFTP, or whose SFTP says nothing for the connect time-out.
 * </ul>
 */
public interface RemoteFiles {

    /**
     * Uploads a file with the default options.
     *
     * @param from a file
     * @param to the remote file's path, its name included
     */
    default void upload(Path from, String to) {
        upload(from, to, Transfer.defaults());
    }

    /**
     * Uploads a file. What is under the final name is replaced at once if the server knows {@code posix-rename@openssh.com}; else it is moved
     * aside first and moved back should the second move fail, so that for a moment there may be nothing. A link there is replaced, not followed.
     *
     * @param from a file
     * @param to the remote file's path, its name included
     * @param options how
     */
    void upload(Path from, String to, Transfer options);

    /**
     * Uploads what a stream has to say, as {@link #upload(Path, String, Transfer)} does a file. The stream is read on the calling thread, to
     * its end, and not closed.
     *
     * @param from the content
     * @param to the remote file's path, its name included
     * @param options how
     * @throws IllegalArgumentException when an option needs a file
     */
    void upload(InputStream from, String to, Transfer options);

    /**
     * Uploads what a stream has to say, with the default options.
     *
     * @param from the content
     * @param to the remote file's path, its name included
     */
    default void upload(InputStream from, String to) {
        upload(from, to, Transfer.defaults());
    }

    /**
     * Downloads a file with the default options.
     *
     * @param from the remote file
     * @param to the local file's path, its name included
     */
    default void download(String from, Path to) {
        download(from, to, Transfer.defaults());
    }

    /**
     * Downloads a file. What is under the local name is replaced at once; a link there is replaced, not followed.
     *
     * @param from the remote file
     * @param to the local file's path, its name included
     * @param options how
     */
    void download(String from, Path to, Transfer options);

    /**
     * Downloads a file into a stream, which is written to on the calling thread and not closed. After a failure it has had a part.
     *
     * @param from the remote file
     * @param to takes the content
     * @param options how
     * @throws IllegalArgumentException when an option needs a file
     */
    void download(String from, OutputStream to, Transfer options);

    /**
     * Downloads a file into a stream, with the default options.
     *
     * @param from the remote file
     * @param to takes the content
     */
    default void download(String from, OutputStream to) {
        download(from, to, Transfer.defaults());
    }

    /**
     * Uploads a directory with all that is in it, into a remote directory that is made if need be. Each file is replaced as by {@link #upload(Path,
     * String, Transfer)}; what else is there stays. Symbolic links are made anew with the same text; anything but files, directories and links ends
     * the transfer. After a failure, the files before are complete.
     *
     * @param from a directory
     * @param to the remote directory that gets its content
     * @param options how, for each file
     */
    void uploadTree(Path from, String to, Transfer options);

    /**
     * Downloads a directory with all that is in it, into a local directory that is made if need be. Nothing is written outside of that directory,
     * whatever the server says: a name that is not a plain file name, a symbolic link whose target is absolute or may lie outside, or an existing local link
     * in place of a directory ends the transfer with {@link FileTransferException.Reason#UNSAFE_NAME}. The rest is as with {@link #uploadTree}.
     *
     * @param from the remote directory
     * @param to the local directory that gets its content
     * @param options how, for each file
     */
    void downloadTree(String from, Path to, Transfer options);

    /**
     * What is in a directory, without {@code .} and {@code ..}. At most a million entries; more fail.
     *
     * @param directory the directory
     * @return its entries, links not followed, in no particular order
     */
    List<RemoteFile> list(String directory);

    /**
     * What is in a directory and below, each directory before its content; links are not followed. Directories are read as the stream gets to them, so
     * that its terminal operation throws what {@link #list} throws, and so does a tree deeper than 500 directories. Needs not be closed.
     *
     * @param directory where to begin; itself not among the results
     * @return a lazy stream
     */
    Stream<RemoteFile> walk(String directory);

    /**
     * What the server says of a file; a link is followed.
     *
     * @param path the file
     * @return what it is
     */
    RemoteFile stat(String path);

    /**
     * What the server says of a file; a link is not followed.
     *
     * @param path the file or link
     * @return what it is
     */
    RemoteFile lstat(String path);

    /**
     * Whether there is something under a name, a link that leads nowhere included.
     *
     * @param path the name
     * @return whether there is
     */
    boolean exists(String path);

    /**
     * Makes a directory and those above it that are missing.
     *
     * @param directory a directory, which may be there already
     */
    void mkdirs(String directory);

    /**
     * Renames. A file under the new name is replaced, as by {@link #upload(Path, String, Transfer)}.
     *
     * @param from what there is
     * @param to its new path, name included
     */
    void move(String from, String to);

    /**
     * Deletes a file, a link or an empty directory.
     *
     * @param path what to delete
     */
    void delete(String path);

    /**
     * Deletes a directory with all that is in it; links are deleted, not followed.
     *
     * @param path what to delete; may be a file
     */
    void deleteTree(String path);

    /**
     * Sets permissions; a link is followed.
     *
     * @param path a file or directory
     * @param permissions all that it shall have
     */
    void setPermissions(String path, Set<PosixFilePermission> permissions);

    /**
     * Sets the time of the last change, and of the last access; a link is followed.
     *
     * @param path a file or directory
     * @param modified between 1970 and 2106, to the second
     */
    void setModified(String path, Instant modified);

    /**
     * Makes a symbolic link.
     *
     * @param link the path of the new link
     * @param target what it shall say; need not exist
     */
    void createLink(String link, String target);

    /**
     * What a symbolic link says.
     *
     * @param link the link
     * @return its target, as it is written there
     */
    String readLink(String link);

    /**
     * Opens a file for reading, from its beginning and ahead of the reader. Its methods throw {@code IOException} with what this
     * interface throws as its cause. Not for several threads. Holds the slot until it is closed.
     *
     * @param path a file
     * @return to be closed
     */
    InputStream read(String path);

    /**
     * Opens a file for writing in place: it is made or emptied at once, and others see it grow. {@code close} waits until all is written, and throws if it
     * was not. The rest is as with {@link #read}.
     *
     * @param path a file
     * @return to be closed
     */
    OutputStream write(String path);
}
