package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HostKeyException;
import io.sshpool.Output;
import io.sshpool.Pooled;
import io.sshpool.RemoteFiles;
import io.sshpool.RemoteProcess;
import io.sshpool.SshClient;
import io.sshpool.Tunnel;
import io.sshpool.spi.Credential;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ApplicationPartsIT {

    @Test
    void credentialsOfTheApplicationTakeThePlaceOfTheConfigurations() {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Map<String, String> settings = server.target("build");
            settings.remove("sshpool.target.build.password");
            try (Application application = Application.start(settings, Vault.class)) {
                assertThat(application.pool().execute("build", "uptime").stdout())
                        .isEqualTo("deploy:uptime");
            }
        }
    }

    @Test
    void aHostKeyPolicyOfTheApplicationTakesThePlaceOfTheConfigurations() {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Map<String, String> settings = server.target("build");
            settings.remove("sshpool.target.build.host-key-fingerprint");
            try (Application application = Application.start(settings, Distrust.class)) {
                assertThatThrownBy(() -> application.pool().execute("build", "uptime"))
                        .isInstanceOf(HostKeyException.class);
            }
            assertThat(server.logins()).isZero();
        }
    }

    @Test
    void everyListenerOfTheApplicationHearsOfThePool() {
        try (EmbeddedServer server = new EmbeddedServer();
                Application application = Application.start(server.target("build"), Diary.class, Ledger.class)) {
            application.pool().execute("build", "uptime");

            assertThat(application.bean(Diary.class).lines()).containsExactly("build");
            assertThat(application.bean(Ledger.class).lines()).containsExactly("build");
        }
    }

    @Test
    void aDoubleThatTestsProduceTakesThePlaceOfEveryHandle() {
        try (Application application = Application.start(Map.of(), Console.class, Doubles.class)) {
            assertThat(application.bean(Console.class).run("uptime")).isEqualTo("double");
            assertThat(application.bean(Console.class).runOn("other", "uptime")).isEqualTo("double");
        }
    }

    /** Keeps the password where the configuration does not see it. */
    @ApplicationScoped
    static class Vault implements CredentialProvider {
        @Override
        public List<Credential> credentials(Target target) {
            return List.of(new Credential.Password(EmbeddedServer.PASSWORD));
        }
    }

    /** Trusts nobody. */
    @ApplicationScoped
    static class Distrust implements HostKeyPolicy {
        @Override
        public void verify(Target target, SocketAddress address, PublicKey key) {
            throw new HostKeyException(target.name(), "nobody is trusted here", null);
        }

        @Override
        public List<String> knownKeyTypes(Target target) {
            return List.of();
        }

        @Override
        public Object revision(Target target) {
            return "always the same";
        }
    }

    /** Remembers what it hears. */
    @ApplicationScoped
    static class Diary implements PoolListener {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public Execute executing(Target target, Command command) {
            lines.add(target.name());
            return Execute.NONE;
        }

        List<String> lines() {
            return lines;
        }
    }

    /** Another one. */
    @ApplicationScoped
    static class Ledger implements PoolListener {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public Connect connecting(Target target) {
            lines.add(target.name());
            return Connect.NONE;
        }

        List<String> lines() {
            return lines;
        }
    }

    /** As an application's tests would have it. */
    @Alternative
    @Priority(1)
    @ApplicationScoped
    static class Doubles {
        @Produces
        @Pooled
        SshClient client() {
            return new Canned();
        }
    }

    private static final class Canned implements SshClient {
        @Override
        public String target() {
            return "double";
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public ExecResult execute(Command command) {
            Output output = Output.of("double".getBytes(StandardCharsets.UTF_8), new byte[0]);
            return ExecResult.exited("double", 0, output, Duration.ZERO);
        }

        @Override
        public CompletionStage<ExecResult> executeAsync(Command command) {
            return CompletableFuture.completedFuture(execute(command));
        }

        @Override
        public RemoteProcess start(Command command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RemoteFiles files() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tunnel forwardLocal(String bindHost, int localPort, String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tunnel forwardRemote(String bindHost, int remotePort, String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tunnel forwardDynamic(String bindHost, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            throw new IllegalArgumentException("a double has no " + type.getName());
        }
    }
}
