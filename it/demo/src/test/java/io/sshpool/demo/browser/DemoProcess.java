package io.sshpool.demo.browser;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The built demo, started as users start it, on a port that was free a moment ago. */
final class DemoProcess implements AutoCloseable {

    private static final int BOUND_SECONDS = 60;

    private final Process process;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<List<String>> printed;
    private final URI page;

    private DemoProcess(Process process, int port) {
        this.process = process;
        page = URI.create("http://localhost:" + port + "/");
        printed = CompletableFuture.supplyAsync(this::read);
    }

    static DemoProcess start() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        int port = freePort();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        System.getProperty("demo"))
                .redirectErrorStream(true)
                .start();
        DemoProcess demo = new DemoProcess(process, port);
        try {
            demo.opened.get(BOUND_SECONDS, SECONDS);
            return demo;
        } catch (ExecutionException | TimeoutException | InterruptedException failed) {
            demo.close();
            throw failed;
        }
    }

    URI page() {
        return page;
    }

    /** Asks the process to end, as Ctrl-C does; returns what it printed in its life. */
    List<String> stop() throws InterruptedException, ExecutionException, TimeoutException {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the demo ended by itself with " + process.exitValue() + ": " + printed.get());
        }
        process.toHandle().destroy(); // Process.destroy would close what it prints
        if (!process.waitFor(10, SECONDS)) {
            throw new TimeoutException("the demo does not stop");
        }
        return printed.get(BOUND_SECONDS, SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private List<String> read() {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.contains(page.toString())) {
                    opened.complete(null);
                }
            }
        } catch (IOException broken) {
            throw new CompletionException(broken);
        } finally {
            opened.completeExceptionally(new IOException("the demo ended before it was up: " + lines));
        }
        return lines;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
