package io.sshpool.impl.pool;

import io.sshpool.Output;
import io.sshpool.OutputLimitException;
import io.sshpool.SshException;
import io.sshpool.SshInterruptedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Cuts a pipe into lines. For one reader. */
final class Lines {

    private static final int CHUNK = 8 * 1024;

    private final Pipe pipe;
    private final String target;
    private final long limit;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int start;
    private int end;
    private boolean over;

    Lines(Pipe pipe, String target, long limit) {
        this.pipe = pipe;
        this.target = target;
        this.limit = limit;
    }

    /** Where bytes come from: none now, or -1 at the end. */
    @FunctionalInterface
    private interface Source {
        int read(byte[] to) throws IOException;
    }

    /** All lines; each is waited for. */
    Stream<String> stream() {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(
                new AbstractSpliterator<>(Long.MAX_VALUE, traits) {
                    @Override
                    public boolean tryAdvance(Consumer<? super String> action) {
                        Optional<String> next = next(pipe::read);
                        next.ifPresent(action);
                        return next.isPresent();
                    }
                },
                false);
    }

    /** The next line if it is there. */
    Optional<String> poll() {
        return next(pipe::poll);
    }

    /** Whether there are no more. */
    boolean isOver() {
        return over && line.size() == 0;
    }

    private Optional<String> next(Source source) {
        while (!over) {
            int newline = start;
            while (newline < end && chunk[newline] != '\n') {
                newline++;
            }
            keep(newline - start);
            start = newline;
            if (newline < end) {
                start++;
                return Optional.of(cut());
            }
            int read = read(source);
            if (read == 0) {
                return Optional.empty();
            }
            start = 0;
            end = Math.max(0, read);
            over = read < 0;
        }
        return line.size() == 0 ? Optional.empty() : Optional.of(cut());
    }

    private int read(Source source) {
        try {
            return source.read(chunk);
        } catch (InterruptedIOException e) {
            throw new SshInterruptedException(target, e.getMessage(), (InterruptedException) e.getCause());
        } catch (IOException e) {
            throw e.getCause() instanceof SshException ours ? ours : new IllegalStateException(e.getMessage(), e);
        }
    }

    private void keep(int length) {
        if (line.size() + length > limit) {
            throw new OutputLimitException(target, limit, Output.of(line.toByteArray(), new byte[0]));
        }
        line.write(chunk, start, length);
    }

    private String cut() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
