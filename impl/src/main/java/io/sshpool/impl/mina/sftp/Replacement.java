package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.SshException;
import io.sshpool.SshInterruptedException;
import io.sshpool.impl.pool.Text;
import java.util.Optional;

/** Puts one remote file in the place of another. */
final class Replacement {

    private Replacement() {}

    /**
     * Renames, at once where the server can. Else what is there is moved aside, and back again if the new one cannot be
     * moved in.
     */
    static void move(Requests requests, String from, String to) {
        Optional<Attributes> there = requests.replacesByRename() ? Optional.empty() : requests.find(to);
        if (there.isEmpty()) {
            requests.rename(from, to);
            return;
        }
        if (there.get().isDirectory()) {
            throw requests.failure("renaming to", to, Reason.WRONG_KIND, "it is a directory", null);
        }
        String aside = Names.beside(to, Names.temporary(Names.last(to)));
        try {
            requests.rename(to, aside);
            replace(requests, from, to, aside);
        } catch (SshInterruptedException e) {
            // Whoever was interrupted does not wait. The server takes one after the other, and refuses this where the
            // new
            // one is in place.
            requests.renaming(aside, to);
            throw e;
        }
        try {
            requests.remove(aside);
        } catch (FileTransferException e) {
            // The new one is in its place. The old one under a name of its own does no harm.
        }
    }

    private static void replace(Requests requests, String from, String to, String aside) {
        try {
            requests.rename(from, to);
        } catch (SshInterruptedException e) {
            throw e;
        } catch (SshException e) {
            restore(requests, aside, to, e);
            throw e;
        }
    }

    private static void restore(Requests requests, String aside, String to, SshException why) {
        try {
            requests.rename(aside, to);
        } catch (SshException e) {
            String where = "what was there before is in " + Text.printable(aside, 300);
            why.addSuppressed(requests.failure("moving back", to, Reason.FAILED, where, e == why ? null : e));
        }
    }
}
