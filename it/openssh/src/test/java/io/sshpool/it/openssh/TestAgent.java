package io.sshpool.it.openssh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An ssh-agent of the test's own, empty at first. */
final class TestAgent implements AutoCloseable {

    private final Folder folder = Folder.temporary("agent");
    private final Process process;

    private TestAgent() throws IOException {
        process = new ProcessBuilder("ssh-agent", "-D", "-a", socket().toString())
                .redirectErrorStream(true)
                .start();
    }

    static TestAgent start() {
        try {
            TestAgent agent = new TestAgent();
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Files.exists(agent.socket()));
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path socket() {
        return folder.path("socket");
    }

    /** Adds keys, in this order; a certificate beside a key is added along. */
    void add(Path... keys) {
        for (Path key : keys) {
            Shell.run("env", "SSH_AUTH_SOCK=" + socket(), "ssh-add", "-q", key.toString());
        }
    }

    /** Ends it; the folder stays. */
    void stop() {
        Shell.kill(List.of(process.toHandle()));
    }

    @Override
    public void close() {
        stop();
        folder.close();
    }
}
