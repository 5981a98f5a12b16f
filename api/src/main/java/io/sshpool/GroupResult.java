package io.sshpool;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a command on several targets. Every key is in exactly one of {@link #results} and {@link #failures}. Immutable; all views
 * are in the order of the keys.
 */
public final class GroupResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> keys;
    private final LinkedHashMap<String, ExecResult> results = new LinkedHashMap<>();
    private final LinkedHashMap<String, Throwable> failures = new LinkedHashMap<>();

    /**
     * The outcomes of all keys.
     *
     * @param keys in order
     * @param results of those whose command ended
     * @param failures of all others
     * @throws IllegalArgumentException when a key has not one outcome
     */
    public GroupResult(List<String> keys, Map<String, ExecResult> results, Map<String, Throwable> failures) {
        this.keys = new ArrayList<>(keys);
        for (String key : keys) {
            ExecResult result = results.get(key);
            Throwable failure = failures.get(key);
            if ((result == null) == (failure == null)) {
                throw new IllegalArgumentException("a key has not exactly one outcome");
            }
            if (result == null) {
                this.failures.put(key, failure);
            } else {
                this.results.put(key, result);
            }
        }
    }

    /**
     * All keys.
     *
     * @return without duplicates
     */
    public List<String> keys() {
        return Collections.unmodifiableList(keys);
    }

    /**
     * Where the command ended, whatever its exit code.
     *
     * @return results by key
     */
    public Map<String, ExecResult> results() {
        return Collections.unmodifiableMap(results);
    }

    /**
     * Where it has no result: it could not be started, was lost, timed out, or was cancelled. {@link SshException}s unless
     * something is broken.
     *
     * @return failures by key
     */
    public Map<String, Throwable> failures() {
        return Collections.unmodifiableMap(failures);
    }

    /**
     * Where the command ended with exit code 0.
     *
     * @return keys
     */
    public List<String> succeeded() {
        return keys.stream().filter(this::isSuccess).toList();
    }

    /**
     * Where it did not.
     *
     * @return keys
     */
    public List<String> failed() {
        return keys.stream().filter(key -> !isSuccess(key)).toList();
    }

    /**
     * Whether the command ended with exit code 0 everywhere.
     *
     * @return true for success
     */
    public boolean isSuccess() {
        return failed().isEmpty();
    }

    /**
     * Insists on success everywhere.
     *
     * @return this result
     * @throws GroupFailedException when the command failed somewhere, with this result
     */
    public GroupResult orThrow() {
        if (!isSuccess()) {
            throw new GroupFailedException(this);
        }
        return this;
    }

    private boolean isSuccess(String key) {
        ExecResult result = results.get(key);
        return result != null && result.isSuccess();
    }

    @Override
    public String toString() {
        return "GroupResult[" + succeeded().size() + " of " + keys.size() + " succeeded]";
    }
}
