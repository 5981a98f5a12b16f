package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.SshException;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A day in the life of a pool: its log is the one that the README prints. */
@ExtendWith(NothingLeft.class)
class DayIT {

    private PrivateSshd sshd;
    private LogLines log;

    @BeforeEach
    void start() {
        sshd = PrivateSshd.start();
        log = new LogLines();
    }

    @AfterEach
    void close() {
        log.close();
        sshd.close();
    }

    @Test
    void the_log_of_a_day_is_as_the_documentation_prints_it() throws IOException {
        String[] configuration = {
            sshd.target("build"),
            "sshpool.target.build.required=true",
            "sshpool.health-interval=200ms",
            "sshpool.back-off=50ms",
            "sshpool.max-back-off=200ms",
            // long, as a slow machine is no event of this day
            "sshpool.validation-timeout=30s",
            "sshpool.connect-timeout=60s",
            "sshpool.leak-detection-threshold=5s"
        };
        try (SshPool pool = Pools.open(configuration)) {
            pool.execute("build", "true");
            theHostGoesDown(pool);
            itIsBack(pool);
            aLeaseLeaks(pool);
            pool.execute("build", "true");
        }
        String seen = String.join("\n", log.all());
        assertThat(comparable(seen)).as("the block as it is:%n%s%n", seen).isEqualTo(comparable(documented()));
    }

    private void theHostGoesDown(SshPool pool) {
        sshd.stopMaster();
        sshd.killConnections();
        until(() -> log.has("SSHP-202"));
        // the application goes on trying, and so does the pool: neither is worth a line
        long failures = pool.stats().connectFailures();
        until(() -> {
            assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(SshException.class);
            return pool.stats().connectFailures() >= failures + 5;
        });
    }

    private void itIsBack(SshPool pool) {
        sshd.startMaster();
        until(() -> log.has("SSHP-206"));
        pool.execute("build", "true");
    }

    private void aLeaseLeaks(SshPool pool) {
        nightlyJob(pool);
        until(() -> {
            System.gc();
            return log.has("SSHP-303");
        });
    }

    /** Forgets to close what it acquires. */
    private void nightlyJob(SshPool pool) {
        SshLease lease = pool.acquire("build");
        until(() -> lease.isConnected() && log.has("SSHP-302"));
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private static String documented() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        Matcher block = Pattern.compile("```text\n(INFO +SSHP-103 .*?)\n```", Pattern.DOTALL)
                .matcher(readme);
        return block.find() ? block.group(1) : "(no block)";
    }

    /** Without what differs from day to day: times, counts, ports. */
    private static List<String> comparable(String block) {
        return block.lines()
                .map(line -> line.replaceAll("(?<!SSHP-)\\b\\d+\\b", "N"))
                .toList();
    }
}
