package io.sshpool.impl.config;

import java.util.EnumSet;
import java.util.Set;

/** A setting beside the pool's that is on or off. */
public enum Switch {
    /** Traces and measures. */
    TELEMETRY("telemetry.enabled", true),
    /** Passes the context of a command's span on to the command. */
    PROPAGATE("telemetry.propagate", false),
    /** Shows a command's text on its span. */
    COMMAND_TEXT("telemetry.command-text", false);

    private final String key;
    private final boolean preset;

    Switch(String name, boolean preset) {
        key = PoolKey.PREFIX + name;
        this.preset = preset;
    }

    String key() {
        return key;
    }

    /** Those that are on. */
    static Set<Switch> read(Lookup lookup) {
        Set<Switch> on = EnumSet.noneOf(Switch.class);
        for (Switch one : values()) {
            if (lookup.value(one.key, Forms::truth).orElse(one.preset)) {
                on.add(one);
            }
        }
        return on;
    }
}
