package io.sshpool;

/** The pool is closed, or was closed while the caller waited. */
public final class PoolClosedException extends SshException {

    private static final long serialVersionUID = 1L;

    /**
     * A call on a closed pool.
     *
     * @param target the target's name, or an empty string
     */
    public PoolClosedException(String target) {
        super(target, "the SSH pool is closed" + (target.isEmpty() ? "" : "; wanted " + target), null, false);
    }
}
