package io.sshpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.testkit.ScriptedSshServer;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReleasesTest {
    @RegisterExtension
    static final ScriptedSshServer ssh = ScriptedSshServer.serving("build");

    @Test
    void aVersionIsTagged() {
        ssh.on("git -C /srv/app tag -- v1", "tagged");
        try (SeContainer application = SeContainerInitializer.newInstance().initialize()) {
            application.select(RequestContextController.class).get().activate();
            assertThat(application.select(Releases.class).get().tag("v1")).isEqualTo("tagged");
        }
        assertThat(ssh.commands()).containsExactly("git -C /srv/app tag -- v1");
    }
}
