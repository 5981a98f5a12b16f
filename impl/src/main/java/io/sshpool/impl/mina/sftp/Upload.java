package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One file on its way to the server: into a temporary file, which is checked and then renamed. */
final class Upload {

    private static final int FILE_BITS = 0777;
    private static final int OWNER_READS_AND_WRITES = 0600;
    private static final long LONGEST_CLEARING_SECONDS = 5;

    private final Requests requests;
    private final Source source;
    private final String to;
    private final Transfer how;

    /** What is uploaded. */
    interface Source {

        /** For messages. */
        String name();

        InputStream open() throws IOException;

        /** How long it is; 0 where that is not known. */
        long size();

        /** What it says of itself, as far as the options ask. */
        Attributes attributes();

        /** Of the whole content, which has been read. */
        byte[] sha256() throws IOException;

        /** The name of the temporary file that an earlier attempt may have left. */
        Optional<String> resumable(String name);
    }

    Upload(Requests requests, Source source, String to, Transfer how) {
        this.requests = requests;
        this.source = source;
        this.to = to;
        this.how = how;
    }

    void run() {
        Optional<Attributes> there = requests.find(to);
        if (there.isPresent() && there.get().isDirectory()) {
            throw requests.failure(
                    "uploading to", to, Reason.WRONG_KIND, "it is a directory; give the file's name too", null);
        }
        OptionalInt mode = mode(there);
        Optional<String> kept = how.resumes() ? source.resumable(Names.last(to)) : Optional.empty();
        String temporary = Names.beside(to, kept.orElseGet(() -> Names.temporary(Names.last(to))));
        long start = kept.isPresent() ? left(temporary) : 0;
        if (kept.isEmpty()) {
            requests.dialogue().guard(temporary);
        }
        boolean done = false;
        try {
            long size = write(temporary, start, kept.isPresent(), mode);
            check(temporary, size);
            finish(temporary, mode);
            Replacement.move(requests, temporary, to);
            done = true;
        } finally {
            requests.dialogue().unguard(temporary);
            if (!done && kept.isEmpty()) {
                clear(temporary);
            }
        }
    }

    private OptionalInt mode(Optional<Attributes> there) {
        if (how.permissions().isPresent()) {
            return OptionalInt.of(Attributes.bits(how.permissions().get()));
        }
        OptionalInt own = source.attributes().mode();
        if (own.isPresent()) {
            return own;
        }
        OptionalInt before = there.filter(file -> file.type() == io.sshpool.RemoteFile.Type.FILE)
                .map(Attributes::mode)
                .orElse(OptionalInt.empty());
        return before.isPresent() ? OptionalInt.of(before.getAsInt() & FILE_BITS) : before;
    }

    /** How much of an earlier attempt can be relied upon. */
    private long left(String temporary) {
        Optional<Attributes> earlier = requests.find(temporary);
        if (earlier.isPresent() && earlier.get().type() != io.sshpool.RemoteFile.Type.FILE) {
            throw requests.failure(
                    "resuming in", temporary, Reason.WRONG_KIND, "it is no file; who has put it there?", null);
        }
        long there = earlier.map(file -> file.size().orElse(0)).orElse(0L);
        return there > source.size() ? 0 : Math.max(0, there - WriteBehind.UNCERTAIN);
    }

    private long write(String temporary, long start, boolean resumable, OptionalInt mode) {
        // readable and writable for us while it is being written, and never more open to others than it will be
        Attributes open = mode.isPresent()
                ? Attributes.NONE.with(OptionalInt.of(mode.getAsInt() | OWNER_READS_AND_WRITES))
                : Attributes.NONE;
        int flags = Requests.FOR_WRITING | Requests.CREATE | (resumable ? 0 : Requests.EXCLUSIVE);
        byte[] handle = requests.open(temporary, start == 0 && resumable ? flags | Requests.TRUNCATE : flags, open);
        boolean closed = false;
        try {
            long size = pump(temporary, handle, start);
            if (size < source.size()) {
                throw Local.failure(
                        requests,
                        "reading",
                        source.name(),
                        Reason.TRUNCATED,
                        "it ended after " + size + " of " + source.size() + " bytes; did somebody cut it meanwhile?",
                        null);
            }
            closed = true;
            requests.close(handle, temporary);
            // after the close: until then there are servers that know neither file nor size
            long there = requests.stat(temporary).size().orElse(size);
            if (there != size) {
                throw requests.failure(
                        "uploading to", to, Reason.TRUNCATED, there + " of " + size + " bytes are there", null);
            }
            return size;
        } finally {
            if (!closed) {
                requests.abandon(handle);
            }
        }
    }

    private long pump(String temporary, byte[] handle, long start) {
        WriteBehind out = new WriteBehind(requests, temporary, handle, start);
        Meter meter = new Meter(how.progress(), to, source.size());
        try (InputStream in = source.open()) {
            in.skipNBytes(start);
            while (true) {
                Packet packet = out.packet();
                int length = in.readNBytes(packet.array(), packet.contentAt(), out.room());
                if (length == 0) {
                    break;
                }
                out.send(packet, length);
                meter.at(out.written());
            }
        } catch (IOException e) {
            throw Local.failure(requests, "reading", source.name(), e);
        }
        out.flush();
        meter.end(out.written());
        return out.written();
    }

    private void check(String temporary, long size) {
        if (!how.checksSha256()) {
            return;
        }
        byte[] remote = Digests.of(requests, temporary, size);
        byte[] local;
        try {
            local = source.sha256();
        } catch (IOException e) {
            throw Local.failure(requests, "reading", source.name(), e);
        }
        try {
            Digests.compare(requests, to, remote, local);
        } catch (FileTransferException e) {
            // what was kept is of no use
            clear(temporary);
            throw e;
        }
    }

    private void finish(String temporary, OptionalInt mode) {
        Attributes asked = source.attributes();
        Attributes last = asked.with(mode);
        if (last.isEmpty()) {
            return;
        }
        try {
            requests.setstat(temporary, last);
        } catch (FileTransferException e) {
            boolean isAskedFor = !asked.isEmpty() || how.permissions().isPresent();
            if (isAskedFor || e.reason() == Reason.TIMEOUT) {
                throw e;
            }
            // Those of the file that is replaced, in so far as the server set them when it made this one.
        }
    }

    /** Best effort: a lost connection, or a server that may not delete, leaves the temporary file. */
    private void clear(String temporary) {
        CompletableFuture<Answer> removed = requests.removing(temporary);
        if (Thread.currentThread().isInterrupted()) {
            // whoever was interrupted does not wait: the server will get to it
            return;
        }
        try {
            removed.copy()
                    .orTimeout(LONGEST_CLEARING_SECONDS, TimeUnit.SECONDS)
                    .handle((a, f) -> a)
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
