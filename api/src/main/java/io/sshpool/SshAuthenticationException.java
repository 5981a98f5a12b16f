package io.sshpool;

/**
 * The server rejected the target's credential. It is not tried again until {@code sshpool.auth-back-off} is over or the
 * credential changes, so that no account is locked out.
 */
public final class SshAuthenticationException extends SshConnectException {

    private static final long serialVersionUID = 1L;

    /**
     * A rejected credential.
     *
     * @param target the target's name
     * @param message which ways were tried and which the server allows
     * @param cause the cause, or null
     */
    public SshAuthenticationException(String target, String message, Throwable cause) {
        super(target, Phase.AUTH, Kind.REJECTED, message, cause);
    }

    @Override
    public SshAuthenticationException again() {
        return new SshAuthenticationException(target(), getMessage(), this);
    }
}
