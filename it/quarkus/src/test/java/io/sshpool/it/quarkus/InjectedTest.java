package io.sshpool.it.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshPool;
import io.sshpool.testkit.Reply;
import io.sshpool.testkit.ScriptedSshServer;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application's own tests do. */
@QuarkusTest
class InjectedTest {

    @RegisterExtension
    static final ScriptedSshServer server = ScriptedSshServer.builder()
            .target("default", "deploy")
            .target("build", "deploy")
            .target("web", "deploy")
            .on("uptime", Reply.stdout("3 days"))
            .shared()
            .start();

    @Inject
    @Pooled
    SshClient ssh;

    @Inject
    SshPool pool;

    @Test
    @ActivateRequestContext
    void aTestUsesAHandle() {
        assertThat(ssh.execute("uptime").orThrow().stdout()).isEqualTo("3 days");
    }

    @Test
    void aTestUsesThePool() {
        assertThat(pool.execute("build", "uptime").orThrow().stdout()).isEqualTo("3 days");
    }

    @Test
    void theInjectedPoolIsTheContainersToClose() {
        assertThatThrownBy(pool::close).isInstanceOf(IllegalStateException.class);
    }
}
