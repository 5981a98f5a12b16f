package io.sshpool.it.openssh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads the arguments and environments of all processes over and over, until it is closed. */
final class ProcessWatch implements AutoCloseable {

    private final String secret;
    private final String expected;
    private final Set<String> showing = ConcurrentHashMap.newKeySet();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicInteger rounds = new AtomicInteger();
    private final Thread thread = new Thread(this::watch, "process-watch");

    private volatile boolean stopped;

    /**
     * Starts.
     *
     * @param secret what no process may show
     * @param expected what the watched ones show: without it the watch has not looked
     */
    ProcessWatch(String secret, String expected) {
        this.secret = new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        this.expected = expected;
        thread.setDaemon(true);
        thread.start();
    }

    /** The files that showed the secret. */
    Set<String> showing() {
        return showing;
    }

    /** The files that showed what was expected. */
    Set<String> seen() {
        return seen;
    }

    int rounds() {
        return rounds.get();
    }

    private void watch() {
        while (!stopped) {
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                processes.forEach(this::look);
            } catch (IOException e) {
                showing.add("/proc cannot be read");
            }
            rounds.incrementAndGet();
        }
    }

    private void look(Path process) {
        for (String name : new String[] {"cmdline", "environ"}) {
            Path file = process.resolve(name);
            try {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (text.contains(secret)) {
                    showing.add(file + ": " + text);
                }
                if (text.contains(expected)) {
                    seen.add(file.toString());
                }
            } catch (IOException gone) {
                // The process has ended.
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        await().until(() -> !thread.isAlive());
    }
}
