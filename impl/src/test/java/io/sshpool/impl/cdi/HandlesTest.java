package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sshpool.LeaseClosedException;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshConfigException;
import io.sshpool.SshPool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.InjectionException;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandlesTest {

    @Test
    void everyHandleOfARequestSharesItsTargetsLease() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            Console console = container.bean(Console.class);

            assertThat(container.inRequest(() -> console.run() + " " + console.run() + " " + console.runOther()))
                    .isEqualTo("build#0 build#0 test#1");
            assertThat(container.pool().leases()).hasSize(2);
        }
    }

    @Test
    void aLeaseKnowsTheInjectionPointThatBorrowedIt() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            Console console = container.bean(Console.class);

            container.inRequest(console::run);

            assertThat(container.pool().holders())
                    .containsExactly("the handle injected into " + Console.class.getName() + ".build");
        }
    }

    @Test
    void theNextRequestBorrowsAnew() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            Console console = container.bean(Console.class);

            assertThat(container.inRequest(console::run)).isEqualTo("build#0");
            assertThat(container.pool().open()).isZero();
            assertThat(container.inRequest(console::run)).isEqualTo("build#1");
        }
    }

    @Test
    void theLeaseGoesBackWhenTheBeanThrows() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            Console console = container.bean(Console.class);

            assertThatThrownBy(() -> container.inRequest(console::fail))
                    .isInstanceOf(UnsupportedOperationException.class);

            assertThat(container.pool().leases())
                    .singleElement()
                    .satisfies(lease -> assertThat(lease.closes()).isEqualTo(1));
        }
    }

    @Test
    void injectingAHandleBorrowsNothing() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            Console console = container.bean(Console.class);

            assertThat(container.inRequest(console::describe)).isEqualTo("build @Pooled(\"test\")");
            assertThat(container.pool().leases()).isEmpty();
        }
    }

    @Test
    void outsideARequestTheHandleSaysWhatToDo() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            Console console = container.bean(Console.class);

            assertThatThrownBy(console::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasCauseInstanceOf(ContextNotActiveException.class)
                    .hasMessageContaining("@Pooled(\"build\")")
                    .hasMessageContaining("no request scope is active")
                    .hasMessageContaining("@ActivateRequestContext")
                    .hasMessageContaining("SshPool.acquire(\"build\")");
        }
    }

    @Test
    void outsideARequestTheAsynchronousCallFailsItsStage() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            CompletableFuture<String> answer = container.bean(Console.class).runAsync();

            assertThat(answer).isCompletedExceptionally();
            assertThatThrownBy(answer::join).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anActivatedRequestContextIsEnough() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            assertThat(container.bean(Console.class).runInOwnRequest()).isEqualTo("build#0");
            assertThat(container.pool().open()).isZero();
        }
    }

    @Test
    void aTaskThatOutlivesItsRequestNeverGetsAnotherOnesLease() {
        try (TestContainer container = TestContainer.start(Console.class)) {
            Console console = container.bean(Console.class);
            RecordedLease first = container.inRequest(console::unwrap);

            assertThat(container.inRequest(() -> {
                        console.run();
                        return catchThrowable(() -> first.execute("true"));
                    }))
                    .isInstanceOf(LeaseClosedException.class);
        }
    }

    @Test
    void theTargetOfASpelledOutKeyIsKnownOutsideARequest() {
        try (TestContainer container = TestContainer.start()) {
            SshClient ssh = container
                    .weld()
                    .select(SshClient.class, Pooled.Literal.of("deploy@build"))
                    .get();

            assertThat(ssh.target()).isEqualTo("build");
            assertThat(container.pool().open()).isZero();
        }
    }

    @Test
    void aMalformedKeyThatIsLookedUpSaysSo() {
        try (TestContainer container = TestContainer.start()) {
            Instance<SshClient> clients = container.weld().select(SshClient.class, Pooled.Literal.of("build server"));

            assertThatThrownBy(clients::get)
                    .hasStackTraceContaining("malformed value in @Pooled(\"build server\") at a look-up; use an alias");
        }
    }

    @Test
    void aDynamicLookUpCarriesItsKey() {
        try (TestContainer container = TestContainer.start(Dispatcher.class)) {
            Dispatcher dispatcher = container.bean(Dispatcher.class);

            assertThat(container.inRequest(() -> dispatcher.run("test") + " " + dispatcher.run("build")))
                    .isEqualTo("test#0 build#1");
        }
    }

    @Test
    void aStaticLookUpCarriesItsKey() {
        try (TestContainer container = TestContainer.start()) {
            assertThat(container.inRequest(() -> CDI.current()
                            .select(SshClient.class, Pooled.Literal.of("test"))
                            .get()
                            .execute("true")
                            .stdout()))
                    .isEqualTo("test#0");
        }
    }

    @Test
    void aLookUpWithoutQualifierIsRefused() {
        try (TestContainer container = TestContainer.start(Dispatcher.class)) {
            Dispatcher dispatcher = container.bean(Dispatcher.class);

            assertThatThrownBy(dispatcher::any)
                    .isInstanceOf(InjectionException.class)
                    .hasMessageContaining("without @Pooled");
        }
    }

    @Test
    void aMalformedKeyOfADynamicLookUpIsRefused() {
        try (TestContainer container = TestContainer.start(Dispatcher.class)) {
            Dispatcher dispatcher = container.bean(Dispatcher.class);

            assertThatThrownBy(() -> dispatcher.run("-oProxyCommand=x@y"))
                    .isInstanceOf(SshConfigException.class)
                    .hasMessageContaining("-oProxyCommand=x@y");
            assertThat(container.pool().leases()).isEmpty();
        }
    }

    @Test
    void aHandleReadBackFromAStoredSessionFindsItsWay() throws Exception {
        try (TestContainer container = TestContainer.start()) {
            SshClient ssh = container
                    .weld()
                    .select(SshClient.class, Pooled.Literal.of("test"))
                    .get();
            SshClient back = passivate(ssh);

            assertThat(back).isNotSameAs(ssh);
            assertThat(back.target()).isEqualTo("test");
            assertThat(container.inRequest(() -> ssh.execute("true").stdout() + " "
                            + back.execute("true").stdout()))
                    .isEqualTo("test#0 test#0");
            assertThatThrownBy(() -> back.execute("true")).hasMessageContaining("no request scope is active");
        }
    }

    @Test
    void aTestDoubleOfTheApplicationTakesTheHandlesPlace() {
        try (TestContainer container = TestContainer.start(Console.class, HandleDouble.class)) {
            assertThat(container.bean(Console.class).run()).isEqualTo("double");
            assertThat(container.pool().leases()).isEmpty();
        }
    }

    @Test
    void theInjectedPoolRefusesToBeClosed() {
        try (TestContainer container = TestContainer.start()) {
            SshPool pool = container.bean(SshPool.class);

            assertThatThrownBy(pool::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("container");
        }
    }

    private static SshClient passivate(SshClient handle) throws Exception {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(stored)) {
            out.writeObject(handle);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stored.toByteArray()))) {
            return (SshClient) in.readObject();
        }
    }

    /** An application-scoped bean with two handles. */
    @ApplicationScoped
    static class Console {

        @Inject
        @Pooled("build")
        SshClient build;

        private SshClient other;

        @Inject
        void other(@Pooled("test") SshClient other) {
            this.other = other;
        }

        String run() {
            return build.execute("true").stdout();
        }

        String runOther() {
            return other.execute("true").stdout();
        }

        CompletableFuture<String> runAsync() {
            return build.executeAsync("true")
                    .thenApply(result -> result.stdout())
                    .toCompletableFuture();
        }

        String fail() {
            throw new UnsupportedOperationException(run());
        }

        String describe() {
            return build.target() + " " + other;
        }

        RecordedLease unwrap() {
            return build.unwrap(RecordedLease.class);
        }

        @ActivateRequestContext
        String runInOwnRequest() {
            return run();
        }
    }

    /** A bean that learns at run time where to go. */
    @ApplicationScoped
    static class Dispatcher {

        @Inject
        @Any
        Instance<SshClient> clients;

        String run(String key) {
            return clients.select(Pooled.Literal.of(key)).get().execute("true").stdout();
        }

        SshClient any() {
            return clients.get();
        }
    }
}
