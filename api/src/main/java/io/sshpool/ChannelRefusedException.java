package io.sshpool;

import java.util.Objects;

/** The server refused to open a channel or to run a command in one. The connection lives, nothing was run. */
public final class ChannelRefusedException extends SshException {

    private static final long serialVersionUID = 1L;

    /** What was refused. */
    public enum Stage {
        /** Opening the channel, as with {@code MaxSessions}; another connection may take it. */
        OPEN,
        /** The request in the open channel, by a server that runs no commands for this user. */
        REQUEST
    }

    private final Stage stage;

    /**
     * A refusal.
     *
     * @param target the target's name
     * @param stage what was refused
     * @param message the server's reason
     * @param cause the cause, or null
     */
    public ChannelRefusedException(String target, Stage stage, String message, Throwable cause) {
        super(target, message, cause, stage == Stage.OPEN);
        this.stage = Objects.requireNonNull(stage, "stage");
    }

    /**
     * What was refused.
     *
     * @return the stage
     */
    public Stage stage() {
        return stage;
    }
}
