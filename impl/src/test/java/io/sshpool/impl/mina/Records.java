package io.sshpool.impl.mina;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What is logged under a name at a level and above, from now until it is closed. The server of the tests, which lives in the same
 * JVM, is left out.
 */
final class Records extends Handler implements AutoCloseable {

    private static final List<String> SERVER = List.of("org.apache.sshd.server", LimitedChannels.class.getName());

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level before;
    private final boolean upwards;

    Records(String name, Level level) {
        logger = Logger.getLogger(name);
        before = logger.getLevel();
        upwards = logger.getUseParentHandlers();
        logger.setLevel(level);
        logger.setUseParentHandlers(false);
        setLevel(level);
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        if (SERVER.stream().noneMatch(record.getLoggerName()::startsWith)) {
            records.add(record);
        }
    }

    /** The lines so far: name, level, text. */
    List<String> lines() {
        return records.stream()
                .map(r -> r.getLoggerName() + " " + r.getLevel() + " " + r.getMessage() + " " + r.getThrown())
                .toList();
    }

    /** What was thrown, where a line has that. */
    List<Throwable> thrown() {
        return records.stream()
                .map(LogRecord::getThrown)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(before);
        logger.setUseParentHandlers(upwards);
    }
}
