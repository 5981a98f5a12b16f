package io.sshpool.impl.mina;

import io.sshpool.ExecResult;
import java.util.UUID;

/**
 * Gives a password to sudo in POSIX shell, for a command whose standard input stays its own.
 *
 * <p>sudo reads a password from standard input ({@code -S}) only if it needs one, and reads on when it was wrong: it would leave the password to the
 * command, or take the command's input for passwords. So it gets a program to ask ({@code -A}), which reads a named pipe in a
 * directory of its own. A shell in the background writes the password into the pipe, by a {@code printf} that is no process. Before it lets go of the
 * pipe another one, which stays empty, takes its name: whoever asks again gets nothing, so that sudo gives up, and leaves a mark. A shell that is
 * killed cannot tidy up: one in the background, deaf to what ends the first, removes the directory when a third pipe tells it of that end.
 */
final class SudoPassword {

    /** Stands before {@link #VARIABLE} is set, which may take a printf. */
    static final String GUARD = """
            case $(command -v printf) in
              printf) ;;
              *) echo 'sshpool: this login shell has no printf of its own, and a program would show the password' >&2; exit 126 ;;
            esac
            """;

    /** Set, not exported, before {@link #sudo} runs. */
    static final String VARIABLE = "sshpool_password";

    private static final int NOT_RUN = 126;
    private static final String REJECTED = "sshpool: sudo did not take the password";
    /** How much of the end of a command's errors tells whether the password was rejected, in bytes. */
    static final int MARK_LENGTH = REJECTED.length() + 1;

    // The mark is made by a redirection, and not by a program: bash would fork first, and the child outlive the kill.
    private static final String SCRIPT = """
            sshpool_dir=/tmp/sshpool-%s
            (
              umask 077
              mkdir $sshpool_dir && mkfifo $sshpool_dir/password $sshpool_dir/next $sshpool_dir/end &&
              printf '#!/bin/sh\nexec cat %%s/password\n' $sshpool_dir >$sshpool_dir/ask && chmod u+x $sshpool_dir/ask
            ) || exit 126
            { trap '' TERM HUP INT; read -r sshpool_end <$sshpool_dir/end; rm -rf $sshpool_dir; } </dev/null >/dev/null 2>&1 &
            exec 9>$sshpool_dir/end
            {
              { mv -f $sshpool_dir/next $sshpool_dir/password; printf '%%s\n' "$sshpool_password"; } >$sshpool_dir/password
              { : >$sshpool_dir/again; } >$sshpool_dir/password
            } </dev/null >/dev/null 2>&1 9>&- &
            unset sshpool_password
            sshpool_ask=$sshpool_dir/ask
            # Not where /tmp is mounted noexec: then the prompt is the argument of cat.
            [ -x $sshpool_ask ] || sshpool_ask=$(command -v cat)
            SUDO_ASKPASS=$sshpool_ask sudo -A -p $sshpool_dir/password %s 9>&-
            sshpool_code=$?
            [ ! -e $sshpool_dir/again ] || { echo '%s' >&2; sshpool_code=126; }
            kill $! 2>/dev/null
            wait $! 2>/dev/null
            rm -rf $sshpool_dir
            exit $sshpool_code
            """;

    private SudoPassword() {}

    /** The text that runs sudo with these words after its options for the password. */
    static String sudo(String words) {
        return SCRIPT.formatted(UUID.randomUUID(), words, REJECTED);
    }

    /** Whether a command that ended so may be one whose password was asked for again: its errors tell. */
    static boolean mayBeRejected(ExecResult result) {
        return result.exitCode() == NOT_RUN;
    }

    /** The same for sure, by the end of its errors. */
    static boolean isRejected(String errors) {
        return errors.endsWith(REJECTED + "\n");
    }
}
