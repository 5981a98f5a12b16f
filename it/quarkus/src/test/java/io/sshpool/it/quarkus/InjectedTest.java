package io.sshpool.it.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshPool;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** What an application's own tests do. */
@QuarkusTest
@QuarkusTestResource(value = SshServerResource.class, restrictToAnnotatedClass = true)
class InjectedTest {

    @Inject
    @Pooled
    SshClient ssh;

    @Inject
    SshPool pool;

    @Test
    @ActivateRequestContext
    void aTestUsesAHandle() {
        assertThat(ssh.execute("uptime").orThrow().stdout()).endsWith(":uptime");
    }

    @Test
    void aTestUsesThePool() {
        assertThat(pool.execute("build", "uptime").orThrow().stdout()).endsWith(":uptime");
    }

    @Test
    void theInjectedPoolIsTheContainersToClose() {
        assertThatThrownBy(pool::close).isInstanceOf(IllegalStateException.class);
    }
}
