package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sshpool.CommandFailedException;
import io.sshpool.testkit.Reply;
import io.sshpool.testkit.ScriptedSshServer;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReleasesTest {
    @RegisterExtension
    static final ScriptedSshServer ssh = ScriptedSshServer.serving("build");

    @Test
    void aVersionIsTagged() {
        ssh.on("git -C /srv/app tag -- v1", "tagged");
        assertEquals("tagged", tag("v1"));
        assertEquals(List.of("git -C /srv/app tag -- v1"), ssh.commands());
    }

    @Test
    void aTagThatExistsIsAnError() {
        ssh.on("git -C /srv/app tag -- v1", Reply.exit(128).withStderr("tag 'v1' already exists\n"));
        CommandFailedException failed = assertThrows(CommandFailedException.class, () -> tag("v1"));
        assertEquals(128, failed.result().exitCode());
    }

    private static String tag(String version) {
        try (SeContainer application = SeContainerInitializer.newInstance().initialize()) {
            application.select(RequestContextController.class).get().activate();
            return application.select(Releases.class).get().tag(version);
        }
    }
}
