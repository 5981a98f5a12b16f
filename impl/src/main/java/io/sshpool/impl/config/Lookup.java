package io.sshpool.impl.config;

import io.sshpool.SshConfigException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/** Asks for values one by one, as text, and notes what is wrong with them. */
final class Lookup {

    private final Config config;
    private final Problems problems;
    private final Map<String, String> given = new HashMap<>();
    private final Set<String> broken = new HashSet<>();

    Lookup(Config config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    /** Gives a key that is none of MicroProfile Config's a value, unless it has another one: then false. */
    boolean give(String key, String text) {
        String had = given.putIfAbsent(key, text);
        return had == null || had.equals(text);
    }

    /** The text of a key exactly; empty when it is not set or empty. */
    Optional<String> text(String key) {
        if (given.containsKey(key)) {
            return Optional.of(given.get(key));
        }
        try {
            Optional<String> text = config.getOptionalValue(key, String.class).filter(value -> !value.isBlank());
            if (text.isEmpty() && isUnresolved(key)) {
                broken(key, "refers to something that is not set, in ${…}");
            }
            return text;
        } catch (RuntimeException unreadable) {
            // Its message may quote the value, which may be a secret.
            broken(key, "cannot be read: " + unreadable.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    /** The value of a key that holds no secret. */
    <T> Optional<T> value(String key, Form<T> form) {
        return text(key).flatMap(text -> {
            try {
                return Optional.of(form.parse(text.trim()));
            } catch (IllegalArgumentException malformed) {
                broken(key, malformed.getMessage());
                return Optional.empty();
            }
        });
    }

    /** What a key that holds a secret is set to, asked anew at each use: a source may have another value by then. */
    Secret secret(String key) {
        String text = given.get(key);
        if (text != null) {
            return Secret.of(key, () -> text);
        }
        return Secret.of(key, () -> {
            try {
                return config.getOptionalValue(key, String.class)
                        .filter(value -> !value.isBlank())
                        .orElseThrow(() -> new SshConfigException(key + " is not set any more"));
            } catch (SshConfigException gone) {
                throw gone;
            } catch (RuntimeException unreadable) {
                // Its message may quote the value.
                throw new SshConfigException(
                        key + " cannot be read: " + unreadable.getClass().getSimpleName());
            }
        });
    }

    /** Whether somebody meant to set the key, be it with a value that is wrong. */
    boolean isSet(String key) {
        return text(key).isPresent() || broken.contains(key);
    }

    private void broken(String key, String reason) {
        broken.add(key);
        problems.add(key, reason);
    }

    /** MicroProfile Config takes an expression that leads nowhere for a value that is not set; here it would hide a mistake. */
    private boolean isUnresolved(String key) {
        ConfigValue value = config.getConfigValue(key);
        return value != null
                && value.getValue() == null
                && value.getRawValue() != null
                && value.getRawValue().contains("${");
    }
}
