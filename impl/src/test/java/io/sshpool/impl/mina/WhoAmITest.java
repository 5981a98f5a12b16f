package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.HostKeyException;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConfigException;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.spi.Credential;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown to which server, how often, and what the caller hears of it. */
@Timeout(30)
final class WhoAmITest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String WRONG = "not the password";

    private final EmbeddedServer server = new EmbeddedServer();
    private Rig rig = Rig.plain();

    @AfterEach
    void close() {
        rig.close();
        server.close();
    }

    private void use(Rig other) {
        rig.close();
        rig = other;
    }

    private SshAuthenticationException rejection() {
        return rig.failure(SshAuthenticationException.class, server.port(), LONG);
    }

    @Test
    void aWrongPasswordIsShownOnce() {
        use(Rig.showing(new Credential.Password(WRONG)));

        SshAuthenticationException failure = rejection();

        assertThat(server.attempts()).containsExactly("password");
        assertThat(failure)
                .hasMessageContaining("password")
                .hasMessageContaining("the server allows")
                .hasMessageContaining("deploy")
                .hasMessageNotContaining(WRONG);
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        server.awaitConnections(0);
    }

    @Test
    void aServerThatAsksByPromptGetsThePassword() {
        server.allowOnly("keyboard-interactive");

        assertThat(rig.connect(server.port()).isOpen()).isTrue();
    }

    @Test
    void aWrongPasswordIsShownOnceByPromptToo() {
        server.allowOnly("keyboard-interactive");
        use(Rig.showing(new Credential.Password(WRONG)));

        assertThat(rejection()).hasMessageContaining("keyboard-interactive");

        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void aServerThatTakesNoPasswordIsShownNone() {
        server.allowOnly("publickey");

        assertThat(rejection())
                .hasMessageContaining("none of the credentials could be shown")
                .hasMessageContaining("allows publickey");

        assertThat(server.attempts()).isEmpty();
    }

    @Test
    void aKeyLetsIn() throws Exception {
        KeyPair key = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        server.authorize(key.getPublic());
        use(Rig.showing(keyOf(key)));

        assertThat(rig.connect(server.port()).isOpen()).isTrue();
    }

    @Test
    void anRsaKeyLetsInBySha2() throws Exception {
        KeyPair key = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        server.authorize(key.getPublic());
        use(Rig.showing(keyOf(key)));

        assertThat(rig.connect(server.port()).isOpen()).isTrue();
    }

    @Test
    void aWrongKeyIsShownOnce() throws Exception {
        use(Rig.showing(keyOf(KeyUtils.generateKeyPair("ssh-ed25519", 256))));

        assertThat(rejection()).hasMessageContaining("publickey");

        assertThat(server.attempts()).containsExactly("publickey");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrongRsaKeyIsShownOnceToAServerThatAnnouncesNoAlgorithms(boolean legacy) throws Exception {
        server.mina().setKexExtensionHandler(null);
        use(Rig.showing(keyOf(KeyUtils.generateKeyPair("ssh-rsa", 2048))));

        rig.failure(SshAuthenticationException.class, target(legacy), LONG);

        assertThat(server.attempts()).containsExactly("publickey");
    }

    @ParameterizedTest
    @CsvSource({"false,rsa-sha2-256", "true,rsa-sha2-256", "true,ssh-rsa"})
    void anRsaKeyLetsInToAServerThatKnowsOneAlgorithmAndAnnouncesIt(boolean legacy, String algorithm) throws Exception {
        knowing(algorithm);
        KeyPair key = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        server.authorize(key.getPublic());
        use(Rig.showing(keyOf(key)));

        assertThat(ConnectionFactoryContract.await(rig.factory().connect(target(legacy), LONG))
                        .isOpen())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"false,rsa-sha2-256", "true,ssh-rsa"})
    void anRsaKeyLetsInToAServerThatKnowsOneAlgorithmAndAnnouncesNone(boolean legacy, String algorithm)
            throws Exception {
        server.mina().setKexExtensionHandler(null);
        knowing(algorithm);
        KeyPair key = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        server.authorize(key.getPublic());
        use(Rig.showing(keyOf(key)));

        assertThat(ConnectionFactoryContract.await(rig.factory().connect(target(legacy), LONG))
                        .isOpen())
                .isTrue();
    }

    private void knowing(String algorithm) {
        server.mina()
                .setSignatureFactories(
                        List.of(BuiltinSignatures.ed25519, BuiltinSignatures.fromFactoryName(algorithm)));
    }

    private Target target(boolean legacy) {
        Target plain = FixedHostKeys.target(server.port());
        return new Target(
                plain.name(),
                true,
                plain.user(),
                plain.host(),
                plain.port(),
                plain.trust(),
                plain.limits(),
                legacy,
                false);
    }

    @Test
    void aSecondCredentialIsShownAfterTheFirst() throws Exception {
        use(Rig.showing(
                keyOf(KeyUtils.generateKeyPair("ssh-ed25519", 256)), new Credential.Password(EmbeddedServer.PASSWORD)));

        rig.connect(server.port());

        assertThat(server.attempts()).containsExactly("publickey", "password");
    }

    @Test
    void theFirstCredentialIsShownFirst() throws Exception {
        use(Rig.showing(
                new Credential.Password(EmbeddedServer.PASSWORD), keyOf(KeyUtils.generateKeyPair("ssh-ed25519", 256))));

        rig.connect(server.port());

        assertThat(server.attempts()).containsExactly("password");
    }

    @Test
    void aRotatedCredentialIsAskedForAtTheNextConnect() {
        AtomicReference<String> password = new AtomicReference<>(WRONG);
        use(Rig.asking(target -> List.of(new Credential.Password(password.get()))));
        rejection();
        Object before = rig.factory().revision(FixedHostKeys.target(server.port()));

        password.set(EmbeddedServer.PASSWORD);

        assertThat(rig.factory().revision(FixedHostKeys.target(server.port()))).isNotEqualTo(before);
        assertThat(rig.connect(server.port()).isOpen()).isTrue();
    }

    @Test
    void theRevisionStaysAndTellsNothing() {
        Target target = FixedHostKeys.target(server.port());

        Object revision = rig.factory().revision(target);

        assertThat(revision).isEqualTo(rig.factory().revision(target));
        assertThat(revision.toString()).doesNotContain(EmbeddedServer.PASSWORD);
        try (Rig other = Rig.plain()) {
            assertThat(other.factory().revision(target)).isNotEqualTo(revision);
        }
    }

    @Test
    void aProviderWithNothingIsAnErrorOfConfiguration() {
        use(Rig.showing());

        assertThat(rig.failure(SshConfigException.class, server.port(), LONG)).hasMessageContaining("build");
        server.awaitConnections(0);
    }

    @Test
    void aKeyThatCannotBeReadIsAnErrorOfConfiguration() {
        use(Rig.showing(new Credential.PrivateKey("no key", Optional.empty())));

        rig.failure(SshConfigException.class, server.port(), LONG);
    }

    @Test
    void aProviderThatFailsFailsTheConnectWithItsCause() {
        use(Rig.asking(target -> {
            throw new IllegalStateException("vault is sealed");
        }));

        SshConnectException failure = rig.failure(SshConnectException.class, server.port(), LONG);

        assertThat(failure).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(failure.isRetryable()).isTrue();
    }

    @Test
    void aProviderThatEndsWithAnErrorFailsTheConnectWithItsCause() {
        use(Rig.asking(target -> {
            throw new NoClassDefFoundError("org/example/Vault");
        }));

        assertThat(rig.failure(SshConnectException.class, server.port(), LONG))
                .hasCauseInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void aServerThatIsNotTrustedIsShownNothing() {
        use(Rig.trusting(FixedHostKeys.trustingNobody()));

        HostKeyException failure = rig.failure(HostKeyException.class, server.port(), LONG);

        assertThat(failure).hasMessageContaining("not trusted: SHA256:");
        assertThat(server.attempts()).isEmpty();
        server.awaitConnections(0);
    }

    @Test
    void aPolicyThatFailsTrustsNobody() {
        use(Rig.trusting(new Judge(key -> {
            throw new IllegalStateException("disk gone");
        })));

        assertThat(rig.failure(HostKeyException.class, server.port(), LONG))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(server.attempts()).isEmpty();
    }

    @Test
    void aPolicyThatEndsWithAnErrorTrustsNobody() {
        use(Rig.trusting(new Judge(key -> {
            throw new NoClassDefFoundError("org/example/Policy");
        })));

        assertThat(rig.failure(HostKeyException.class, server.port(), LONG))
                .hasCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(server.attempts()).isEmpty();
    }

    @Test
    void theServerIsAskedForTheKeyThatIsKnown() {
        // It would show its ed25519 key, or its ecdsa key, as we prefer.
        use(Rig.trusting(FixedHostKeys.trusting(EmbeddedServer.ECDSA)));
        assertThat(rig.connect(server.port()).isOpen()).isTrue();

        use(Rig.trusting(FixedHostKeys.trusting(EmbeddedServer.ED25519)));
        assertThat(rig.connect(server.port()).isOpen()).isTrue();
    }

    @Test
    void aRekeyWithTheSameKeyDoesNotAskAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        use(Rig.trusting(new Judge(key -> asked.incrementAndGet())));
        SshConnection connection = rig.connect(server.port());

        connection.unwrap(ClientSession.class).orElseThrow().reExchangeKeys().verify(LONG);

        assertThat(asked).hasValue(1);
        ConnectionFactoryContract.await(connection.probe());
    }

    private static Credential keyOf(KeyPair key) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "test", null, text);
        return new Credential.PrivateKey(text.toString(StandardCharsets.US_ASCII), Optional.empty());
    }

    private record Judge(Consumer<PublicKey> verdict) implements HostKeyPolicy {

        @Override
        public void verify(Target target, SocketAddress address, PublicKey key) {
            verdict.accept(key);
        }

        @Override
        public List<String> knownKeyTypes(Target target) {
            return List.of();
        }

        @Override
        public Object revision(Target target) {
            return "";
        }
    }
}
