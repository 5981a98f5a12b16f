package io.sshpool;

import java.util.List;

/** Settings or a key are wrong. Lists every problem, each with its key and reason, and never a secret. */
public final class SshConfigException extends SshException {

    private static final long serialVersionUID = 1L;

    private final String[] problems;

    /**
     * Wrong settings.
     *
     * @param problems each with key and reason
     */
    public SshConfigException(List<String> problems) {
        super("", message(problems), null, false);
        this.problems = problems.toArray(String[]::new);
    }

    /**
     * One wrong setting or key.
     *
     * @param problem with key and reason
     */
    public SshConfigException(String problem) {
        this(List.of(problem));
    }

    /**
     * Every problem.
     *
     * @return at least one
     */
    public List<String> problems() {
        return List.of(problems);
    }

    private static String message(List<String> problems) {
        if (problems.size() == 1) {
            return problems.get(0);
        }
        return problems.size() + " problems in the configuration of sshpool:\n  - " + String.join("\n  - ", problems);
    }
}
