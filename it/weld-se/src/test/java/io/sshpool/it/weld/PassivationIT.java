package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshPool;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.inject.Inject;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

class PassivationIT {

    @Test
    void aHandleAndThePoolWorkOnAfterTheirSessionWasStored() throws Exception {
        StoredContext session = new StoredContext();
        try (EmbeddedServer server = new EmbeddedServer();
                Application application =
                        Application.start(server.target("build"), new Extension[] {session}, Visit.class)) {
            Visit visit = application.bean(Visit.class);
            assertThat(application.inRequest(() -> visit.run("first"))).isEqualTo("1 deploy:first");

            session.store();

            assertThat(application.inRequest(() -> visit.run("second"))).isEqualTo("2 deploy:second");
            assertThat(server.logins()).isEqualTo(1);
        }
    }

    /** What a user's session holds. */
    @StoredScoped
    // handles are serializable, which their type does not say
    @SuppressWarnings("serial")
    static class Visit implements Serializable {

        private static final long serialVersionUID = 1L;

        @Inject
        @Pooled("build")
        SshClient build;

        @Inject
        SshPool pool;

        private int count;

        String run(String command) {
            count++;
            String answer = build.execute(command).stdout();
            return pool.stats().created() == 1 ? count + " " + answer : "dialled again";
        }
    }
}
