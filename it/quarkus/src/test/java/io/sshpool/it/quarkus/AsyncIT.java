package io.sshpool.it.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WebProfileAsyncSuite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AsyncIT extends WebProfileAsyncSuite {

    @Override
    protected Launcher launcher() {
        return new Quarkus();
    }

    @Test
    void theLeaseOfAMultiThatIsAbortedComesBack() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (InputStream events =
                    client().open("api/mutiny/multi?command=uptime").body()) {
                assertThat(new String(events.readNBytes(8), StandardCharsets.UTF_8))
                        .startsWith("data:");
            }
        }
        awaitNoLease();
    }
}
