package io.sshpool.it.openssh;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** What an operator finds in the log at INFO, from now until it is closed: the pool's lines, and MINA's. */
final class LogLines extends Handler implements AutoCloseable {

    private static final String[] NAMES = {"io.sshpool", "io.sshpool.impl.mina", "org.apache.sshd"};

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final List<Logger> loggers = Stream.of(NAMES).map(Logger::getLogger).toList();
    private final List<Level> before = loggers.stream().map(Logger::getLevel).toList();

    LogLines() {
        for (Logger logger : loggers) {
            logger.setLevel(Level.INFO);
            logger.setUseParentHandlers(false);
            logger.addHandler(this);
        }
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    boolean has(String id) {
        return records.stream().anyMatch(record -> record.getMessage().startsWith(id + " "));
    }

    /** Level and text; of a stack, where the application comes in. */
    List<String> all() {
        return records.stream().flatMap(LogLines::lines).toList();
    }

    private static Stream<String> lines(LogRecord record) {
        Stream<String> line = Stream.of(String.format("%-7s %s", record.getLevel(), record.getMessage()));
        return Stream.concat(line, Stream.ofNullable(record.getThrown()).flatMap(LogLines::stack));
    }

    private static Stream<String> stack(Throwable thrown) {
        Stream<String> frames = Stream.of(thrown.getStackTrace())
                .dropWhile(frame -> frame.getClassName().startsWith("io.sshpool.impl."))
                .map(frame -> "    at " + frame);
        return Stream.of(Stream.of(thrown.toString(), "    …"), frames.limit(2), Stream.of("    …"))
                .flatMap(lines -> lines);
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        for (int i = 0; i < loggers.size(); i++) {
            loggers.get(i).removeHandler(this);
            loggers.get(i).setLevel(before.get(i));
            loggers.get(i).setUseParentHandlers(true);
        }
    }
}
