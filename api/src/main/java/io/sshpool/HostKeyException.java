package io.sshpool;

/**
 * The server's host key is unknown, changed, revoked, or cannot be checked. No credential was sent. The message has the
 * fingerprints and the place to look at.
 */
public final class HostKeyException extends SshConnectException {

    private static final long serialVersionUID = 1L;

    /**
     * A host key that is not trusted.
     *
     * @param target the target's name
     * @param message the fingerprint seen, those expected, the known_hosts line to look at
     * @param cause the cause, or null
     */
    public HostKeyException(String target, String message, Throwable cause) {
        super(target, Phase.KEX, Kind.REJECTED, message, cause);
    }

    @Override
    public HostKeyException again() {
        return new HostKeyException(target(), getMessage(), this);
    }
}
