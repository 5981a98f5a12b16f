package io.sshpool.it.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A server in a process of its own, with the sample application. */
public final class ServerProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Process process;
    private final URI base;
    private final Path log;
    private final Duration bootTime;

    private ServerProcess(Process process, URI base, Path log, Duration bootTime) {
        this.process = process;
        this.base = base;
        this.log = log;
        this.bootTime = bootTime;
    }

    /**
     * Starts a server and waits until the sample application answers.
     *
     * @param command its command line, directory and environment
     * @param log where its output goes
     * @param base where the application will be, with a slash at the end
     * @param failure what the log says when the application could not be deployed
     * @throws StartFailed when the process ended, said so, or did not answer in time
     */
    public static ServerProcess start(ProcessBuilder command, Path log, URI base, Pattern failure) {
        return start(command, log, base, failure, Pattern.compile(""));
    }

    /** The same for a server that answers before it is up: its log must say so, too. */
    public static ServerProcess start(ProcessBuilder command, Path log, URI base, Pattern failure, Pattern up) {
        long start = System.nanoTime();
        try {
            Process process = command.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean answered = false;
            try {
                awaitAnswer(process, log, base, failure, up);
                answered = true;
            } finally {
                if (!answered) {
                    end(process);
                }
            }
            return new ServerProcess(process, base, log, Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the application is, with a slash at the end. */
    public URI base() {
        return base;
    }

    /** What it has logged until now. */
    public String log() {
        return read(log);
    }

    public long pid() {
        return process.pid();
    }

    /** The folder of its log. */
    public Path folder() {
        return log.getParent();
    }

    /** The number of the JVM, which a start script may have begun. */
    public long jvm() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElse(process.pid());
    }

    /** From the start of the process to the application's first answer. */
    public Duration bootTime() {
        return bootTime;
    }

    /** Ends it as an operator would (SIGTERM), after a minute by force. */
    @Override
    public void close() {
        end(process);
    }

    private static void awaitAnswer(Process process, Path log, URI base, Pattern failure, Pattern up)
            throws IOException {
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        HttpRequest ping = HttpRequest.newBuilder(base.resolve("api/ping"))
                .timeout(Duration.ofSeconds(10))
                .build();
        long deadline = System.nanoTime() + START.toNanos();
        while (!up.matcher(read(log)).find() || !answers(http, ping)) {
            if (!process.isAlive()) {
                throw new StartFailed("the server ended with " + process.exitValue(), read(log));
            }
            if (failure.matcher(read(log)).find()) {
                throw new StartFailed("the application was not deployed", read(log));
            }
            if (System.nanoTime() > deadline) {
                throw new StartFailed("no answer within " + START, read(log));
            }
            pause(process);
        }
    }

    private static boolean answers(HttpClient http, HttpRequest ping) {
        try {
            return http.send(ping, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A tenth of a second, or less if the process ends. */
    private static void pause(Process process) {
        try {
            process.waitFor(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void end(Process process) {
        try {
            // The children first asked, as a start script may stand between us and the JVM.
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String read(Path log) {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server, or the application on it, did not start. */
    public static final class StartFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String log;

        StartFailed(String message, String log) {
            super(message + "; its log:\n" + log);
            this.log = log;
        }

        /** What the server said. */
        public String log() {
            return log;
        }
    }
}
