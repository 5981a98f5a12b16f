package io.sshpool.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;

/** One warm session of MINA by itself, as a careful user would write it. */
final class RawMina implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final SshClient client;
    private final ClientSession session;

    private RawMina(SshClient client, BenchServer server) throws IOException, GeneralSecurityException {
        this.client = client;
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.start();
        session = client.connect(server.user(), "127.0.0.1", server.port())
                .verify(LONGEST)
                .getSession();
        session.addPublicKeyIdentity(key(server));
        session.auth().verify(LONGEST);
    }

    /** What MINA does when nobody tells it anything. */
    static RawMina withDefaults(BenchServer server) throws IOException, GeneralSecurityException {
        return new RawMina(SshClient.setUpDefaultClient(), server);
    }

    /** With what was measured to be best. */
    static RawMina tuned(BenchServer server) throws IOException, GeneralSecurityException {
        SshClient client = ClientBuilder.builder()
                .keyExchangeFactories(NamedFactory.setUpTransformedFactories(
                        false, List.of(BuiltinDHFactories.curve25519), ClientBuilder.DH2KEX))
                .cipherFactories(List.of(BuiltinCiphers.aes128gcm))
                .build();
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.REQUEST_EXEC_REPLY.set(client, true);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        return new RawMina(client, server);
    }

    private static KeyPair key(BenchServer server) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(server.userKey())) {
            return SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName("user"), in, null)
                    .iterator()
                    .next();
        }
    }

    int execute(String command) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ClientChannel channel = session.createExecChannel(command)) {
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(LONGEST);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LONGEST);
            return channel.getExitStatus();
        }
    }

    @Override
    public void close() throws IOException {
        session.close(true);
        client.stop();
    }
}
