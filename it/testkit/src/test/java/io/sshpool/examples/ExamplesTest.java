package io.sshpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.GroupResult;
import io.sshpool.testkit.ReceivedCommand;
import io.sshpool.testkit.Reply;
import io.sshpool.testkit.ScriptedSshServer;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs every method of {@link Examples}; in a working directory of its own, as one of them writes there. */
class ExamplesTest {

    @RegisterExtension
    static final ScriptedSshServer ssh = ScriptedSshServer.serving("build", "web1", "web2", "bastion");

    private static SeContainer weld;
    private static Examples examples;

    @BeforeAll
    static void application() {
        weld = SeContainerInitializer.newInstance()
                .addProperty("org.jboss.weld.se.shutdownHook", false)
                .initialize();
        examples = weld.select(Examples.class).get();
    }

    @AfterAll
    static void end() {
        weld.close();
    }

    @Test
    void handlesAreInjected() {
        assertThat(examples.targets()).containsExactly("build", "deploy@web1:22");
    }

    @Test
    void commands() {
        ssh.on(Pattern.compile(".*"), command -> Reply.stdout(""));

        examples.commands("a b", "print(1)", "secret");

        assertThat(ssh.commands())
                .containsExactly(
                        "rm -- 'a b'",
                        "tail -n 5 *.log | sort",
                        "sh -s -- all",
                        "python3 - 'a b'",
                        "systemctl restart app",
                        "pg_dump app | gzip",
                        "make");
        assertThat(ssh.received()).filteredOn(c -> c.sudoUser().isPresent()).hasSize(2);
        assertThat(ssh.received().get(6)).returns("C", c -> c.environment().get("LANG"));
    }

    @Test
    void manyHosts() {
        ssh.on("systemctl is-active app", "active\n");

        GroupResult result = examples.manyHosts();

        assertThat(result.succeeded()).containsExactly("web1", "web2");
        assertThat(result.failed()).containsExactly("deploy@web3");
    }

    @Test
    void outsideARequest() {
        ssh.on("make clean", "");

        examples.nightly();
        examples.background();

        assertThat(ssh.commands()).containsExactly("make clean", "make clean");
    }

    @Test
    void asynchronousAnswers() {
        ssh.on("uptime", "3 days");

        assertThat(examples.later("uptime").toCompletableFuture().join()).isEqualTo("3 days");
    }

    @Test
    void talking() throws IOException {
        ssh.on("make -C /srv/app", "one\ntwo\n");

        examples.talk();

        assertThat(ssh.received()).extracting(ReceivedCommand::text).containsExactly("make -C /srv/app");
    }

    @Test
    void files() throws IOException {
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/app.jar"), "jar");
        Files.createDirectories(Path.of("site"));
        Files.writeString(Path.of("site/index.html"), "page");
        Files.createDirectories(ssh.files().resolve("releases/1.4"));
        Files.writeString(ssh.files().resolve("releases/1.4/NOTES"), "notes\n");
        Files.createDirectories(ssh.files().resolve("logs"));
        Files.writeString(ssh.files().resolve("logs/app.log"), "log");
        Files.createDirectories(ssh.files().resolve("srv"));

        examples.files();

        assertThat(ssh.files().resolve("releases/1.4/app.jar")).hasContent("jar");
        assertThat(ssh.files().resolve("srv/site/index.html")).hasContent("page");
        assertThat(Path.of("app.log")).hasContent("log");
    }

    @Test
    void aTunnelForJdbc() throws SQLException {
        ReachedDatabase driver = new ReachedDatabase();
        DriverManager.registerDriver(driver);
        try {
            examples.tunnel("user", "password");
        } finally {
            DriverManager.deregisterDriver(driver);
        }
        assertThat(driver.statements()).containsExactly("vacuum");
    }
}
