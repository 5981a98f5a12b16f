package io.sshpool.it.openssh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a thread of the pool or a socket behind. */
final class NothingLeft implements BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(NothingLeft.class);

    // Held, as the log manager forgets levels of loggers that nobody holds.
    private static final List<Logger> MINA =
            List.of(Logger.getLogger("org.apache.sshd"), Logger.getLogger("io.sshpool.impl.mina"));

    static {
        MINA.forEach(logger -> logger.setLevel(Level.WARNING));
        // With its first socket the JVM opens one for itself, for good.
        FreePort.find();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(HERE).put("sockets", sockets());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        long before = context.getStore(HERE).get("sockets", Long.class);
        await("threads left: " + threads())
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> threads().isEmpty());
        await("sockets left").pollInterval(Duration.ofMillis(10)).until(() -> sockets() <= before);
    }

    /** The threads of pools and of MINA. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sshpool") || name.startsWith("sshd"))
                .toList();
    }

    /** The open sockets of this process. */
    static long sockets() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(NothingLeft::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closed) {
            return false;
        }
    }
}
