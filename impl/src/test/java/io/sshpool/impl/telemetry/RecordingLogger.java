package io.sshpool.impl.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

/** Keeps lines as {@code LEVEL text}, from a level on. */
final class RecordingLogger implements System.Logger {

    private final Level from;
    private final List<String> lines = new ArrayList<>();
    private final List<Throwable> stacks = new ArrayList<>();

    RecordingLogger(Level from) {
        this.from = from;
    }

    List<String> lines() {
        return lines;
    }

    List<Throwable> stacks() {
        return stacks;
    }

    @Override
    public String getName() {
        return "recording";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= from.getSeverity();
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
        lines.add(level + " " + text);
        stacks.add(thrown);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... values) {
        if (values != null && values.length > 0) {
            throw new IllegalArgumentException("a format would be read as one, quotes and braces included");
        }
        lines.add(level + " " + format);
    }
}
