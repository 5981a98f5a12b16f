package io.sshpool;

/** A command failed on some of several targets. Thrown by {@link GroupResult#orThrow()}; the cause is the first failure that has an exception. */
public final class GroupFailedException extends SshException {

    private static final long serialVersionUID = 1L;

    private final GroupResult result;

    /**
     * A run with failures.
     *
     * @param result what became of each host
     */
    public GroupFailedException(GroupResult result) {
        super(
                "",
                "the command failed on " + result.failed().size() + " of "
                        + result.keys().size() + " hosts; result() has what became of each",
                result.failures().values().stream().findFirst().orElse(null),
                false);
        this.result = result;
    }

    /**
     * What became of each host.
     *
     * @return the result
     */
    public GroupResult result() {
        return result;
    }
}
