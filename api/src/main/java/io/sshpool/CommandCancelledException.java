package io.sshpool;

/** A command on several targets was cancelled on this one: another host had failed, or the time of the whole run was over. */
public final class CommandCancelledException extends SshException {

    private static final long serialVersionUID = 1L;

    private CommandCancelledException(String target, String message, boolean retryable) {
        super(target, message, null, retryable);
    }

    /**
     * A command that never began.
     *
     * @param target the target's key
     * @param reason why the run ended
     * @return the exception
     */
    public static CommandCancelledException notStarted(String target, String reason) {
        return new CommandCancelledException(target, "the command was not started on this host: " + reason, true);
    }

    /**
     * A command that was under way, at least waiting for a connection.
     *
     * @param target the target's key
     * @param reason why the run ended
     * @return the exception
     */
    public static CommandCancelledException underWay(String target, String reason) {
        return new CommandCancelledException(
                target, "the command was given up on this host, its outcome is unknown: " + reason, false);
    }
}
