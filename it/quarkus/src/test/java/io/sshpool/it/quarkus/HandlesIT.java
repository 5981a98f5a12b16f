package io.sshpool.it.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WebProfileSuite;
import org.junit.jupiter.api.Test;

class HandlesIT extends WebProfileSuite {

    @Override
    protected Launcher launcher() {
        return new Quarkus();
    }

    @Test
    void aUniArrivesAndItsLeaseComesBack() {
        for (int i = 0; i < 20; i++) {
            assertThat(client().get("api/mutiny/uni?command=uptime")).matches("\\d+:uptime");
        }
        awaitNoLease();
    }
}
