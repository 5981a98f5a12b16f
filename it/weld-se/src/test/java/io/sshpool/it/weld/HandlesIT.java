package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.SshConfigException;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandlesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EmbeddedServer server = new EmbeddedServer();
    private Application application;

    @BeforeEach
    void start() {
        Map<String, String> settings = server.target("build");
        settings.putAll(server.target("other"));
        settings.put("sshpool.max-connections", "1");
        settings.put("sshpool.max-channels-per-connection", "1");
        settings.put("sshpool.acquire-timeout", "5s");
        application = Application.start(settings, Console.class, Request.class, Constructed.class, Listening.class);
    }

    @AfterEach
    void stop() {
        application.close();
        server.close();
    }

    @Test
    void aHandleInAnApplicationScopedBeanRunsCommands() throws Exception {
        assertThat(application.inRequest(() -> application.bean(Console.class).run("uptime")))
                .isEqualTo("deploy:uptime");
    }

    @Test
    void aHandleInARequestScopedBeanRunsCommands() throws Exception {
        assertThat(application.inRequest(() -> application.bean(Request.class).run("uptime")))
                .isEqualTo("deploy:uptime");
    }

    @Test
    void aHandleInAConstructorRunsCommands() throws Exception {
        assertThat(application.inRequest(
                        () -> application.bean(Constructed.class).run("uptime")))
                .isEqualTo("deploy:uptime");
    }

    @Test
    void aHandleInAnObserverParameterRunsCommands() throws Exception {
        CompletableFuture<String> answer = application.inRequest(() -> {
            Listening.Question question = new Listening.Question("uptime", new CompletableFuture<>());
            application.weld().getBeanManager().getEvent().fire(question);
            return question.answer();
        });

        assertThat(answer).isCompletedWithValue("deploy:uptime");
    }

    @Test
    void aHandleFromAnInstanceRunsCommands() throws Exception {
        assertThat(application.inRequest(() -> application.bean(Console.class).runOn("other", "uptime")))
                .isEqualTo("deploy:uptime");
    }

    @Test
    void theNextRequestReusesTheConnectionThatTheLastOneGaveBack() throws Exception {
        for (int i = 0; i < 3; i++) {
            application.inRequest(() -> application.bean(Console.class).run("uptime"));
            awaitGivenBack();
        }

        assertThat(server.logins()).isEqualTo(1);
    }

    @Test
    void theConnectionComesBackWhenTheBeanThrows() {
        Console console = application.bean(Console.class);

        assertThatThrownBy(() -> application.inRequest(() -> console.fail("uptime")))
                .hasMessage("after deploy:uptime");

        awaitGivenBack();
        assertThat(application.pool().execute("build", "again").stdout()).isEqualTo("deploy:again");
        assertThat(server.logins()).isEqualTo(1);
    }

    @Test
    void outsideARequestTheHandleSaysWhatToDo() {
        Console console = application.bean(Console.class);

        assertThatThrownBy(() -> console.run("uptime"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@Pooled(\"build\")")
                .hasMessageContaining("@ActivateRequestContext")
                .hasMessageContaining("SshPool.acquire(\"build\")");
        assertThat(server.logins()).isZero();
    }

    @Test
    void anActivatedRequestContextIsARequest() {
        assertThat(application.bean(Console.class).runInOwnRequest("uptime")).isEqualTo("deploy:uptime");
        awaitGivenBack();
    }

    @Test
    void aRequestThatRunsNothingGivesWayToAWaiter() throws Exception {
        Console console = application.bean(Console.class);

        String answers = application.inRequest(() -> {
            String before = console.run("before");
            try (SshLease other = application.pool().acquire("build", PATIENCE)) {
                before += " " + other.execute("between").stdout();
            }
            return before + " " + console.run("after");
        });

        assertThat(answers).isEqualTo("deploy:before deploy:between deploy:after");
        assertThat(server.logins()).isEqualTo(1);
    }

    @Test
    void aRequestThatRunsNothingGivesItsConnectionToAnotherTarget() throws Exception {
        Console console = application.bean(Console.class);

        assertThat(application.inRequest(() -> console.run("here") + " "
                        + application.pool().execute("other", "there").stdout() + " " + console.run("back")))
                .isEqualTo("deploy:here deploy:there deploy:back");
        assertThat(server.logins()).isEqualTo(3);
    }

    @Test
    void theEndOfTheRequestEndsWhatItStillRuns() throws Exception {
        Console console = application.bean(Console.class);

        CompletableFuture<ExecResult> running = application.inRequest(() -> {
            CompletableFuture<ExecResult> started = console.start("block");
            server.awaitBlocking();
            return started;
        });

        assertThat(running)
                .failsWithin(PATIENCE)
                .withThrowableOfType(Exception.class)
                .withCauseInstanceOf(LeaseClosedException.class);
    }

    @Test
    void aHandleKnowsWhetherItsTargetIsConnected() throws Exception {
        Console console = application.bean(Console.class);

        assertThat(application.inRequest(console::isConnected)).isFalse();
        application.pool().execute("build", "uptime");
        assertThat(application.inRequest(console::isConnected)).isTrue();
        assertThat(application.inRequest(() -> console.run("uptime") + console.isConnected()))
                .isEqualTo("deploy:uptimetrue");
    }

    @Test
    void aHandleWithAnUnknownNameNamesTheSettingThatIsMissing() {
        assertThatThrownBy(() -> application.inRequest(
                        () -> application.bean(Console.class).runOn("nowhere", "uptime")))
                .isInstanceOf(SshConfigException.class)
                .hasMessageContaining("sshpool.target.nowhere.host");
    }

    @Test
    void handlesOfOneTargetShareOneLeaseInARequest() throws Exception {
        assertThat(application.inRequest(() -> application.bean(Console.class).run("one") + " "
                        + application.bean(Request.class).run("two")))
                .isEqualTo("deploy:one deploy:two");
        assertThat(application.pool().stats().acquired()).isEqualTo(1);
    }

    @Test
    void aSpelledOutKeyThatIsTheAddressOfTwoTargetsIsRefused() {
        String key = "deploy@127.0.0.1:" + server.port();

        assertThatThrownBy(() -> application.inRequest(
                        () -> application.bean(Console.class).runOn(key, "uptime")))
                .isInstanceOf(SshConfigException.class)
                .hasMessageContaining("build, other");
    }

    @Test
    void theInjectedPoolRefusesToBeClosedAndStaysOpen() {
        assertThatThrownBy(() -> application.pool().close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("container");

        assertThat(application.pool().execute("build", "uptime").stdout()).isEqualTo("deploy:uptime");
    }

    /** The server's side of a channel closes a moment after the command's end. */
    private void awaitGivenBack() {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(application.pool().stats().channelsInUse()).isZero());
    }
}
