package io.sshpool.impl.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.config.keys.ClientIdentityLoader;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.random.JceRandomFactory;
import org.apache.sshd.common.random.SingletonRandomFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.forward.ForwardedTcpipFactory;
import org.apache.sshd.server.forward.ForwardingFilter;
import org.apache.sshd.server.forward.TcpForwardingFilter;

/**
 * The one MINA client of a pool, with every default of MINA overridden that reaches for the user's files, trusts strangers, or
 * measures time where the pool does.
 */
final class MinaClient implements AutoCloseable {

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final int READ_BUFFER = 32 * 1024;

    private final SshClient client;

    MinaClient() {
        Providers.prepare();
        client = ClientBuilder.builder()
                .keyExchangeFactories(Algorithms.STRONG.keyExchanges())
                .cipherFactories(Algorithms.STRONG.ciphers())
                .macFactories(Algorithms.STRONG.macs())
                .signatureFactories(Algorithms.signatures(List.of(), false))
                .randomFactory(new SingletonRandomFactory(JceRandomFactory.INSTANCE))
                .channelFactories(List.of(ForwardedTcpipFactory.INSTANCE))
                .forwardingFilter(ForwardingFilter.asForwardingFilter(null, null, new OnlyAsked()))
                .serverKeyVerifier(RejectAllServerKeyVerifier.INSTANCE)
                .hostConfigEntryResolver(HostConfigEntryResolver.EMPTY)
                .clientIdentityLoader(ClientIdentityLoader.DEFAULT)
                .filePasswordProvider(FilePasswordProvider.EMPTY)
                .build();
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
        client.setUserInteraction(UserInteraction.NONE);
        client.setAgentFactory(null);
        client.setForwarderFactory(RemoteForwarder::new);
        client.setKexExtensionHandler(new KexExtensions());
        client.setServiceFactories(List.of(new PooledSession.LoginServices(), ClientConnectionServiceFactory.INSTANCE));
        client.setSessionFactory(new PooledSession.Sessions(client));
        client.setIoServiceFactoryFactory(new ConnectThreads.Connectors());
        configure(client);
        client.start();
    }

    // Time-outs and heartbeats are the pool's: MINA's auth time-out leaves sockets open, its idle time-out kills silent
    // commands,
    // and its heartbeat skips the rekey that a dead peer never ends.
    private static void configure(SshClient client) {
        CoreModuleProperties.AUTH_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.IO_CONNECT_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, Duration.ZERO);
        CoreModuleProperties.DISCONNECT_TIMEOUT.set(client, Duration.ofSeconds(1));
        CoreModuleProperties.STOP_WAIT_TIME.set(client, LONGEST_CLOSE);
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.SOCKET_KEEPALIVE.set(client, true);
        CoreModuleProperties.NIO2_READ_BUFFER_SIZE.set(client, READ_BUFFER);
        CoreModuleProperties.REQUEST_EXEC_REPLY.set(client, true);
    }

    /** Lets the server open channels for the ports on which it was asked to listen: MINA knows where each leads, and no other. */
    private static final class OnlyAsked implements TcpForwardingFilter {

        @Override
        public boolean canListen(SshdSocketAddress address, Session session) {
            return false;
        }

        @Override
        public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
            return type == Type.Forwarded;
        }
    }

    /** Begins a connect. The address carries no name that could be looked up again, unless a jump host is to do so. */
    ConnectFuture connect(Handshake handshake) throws IOException {
        InetSocketAddress address = handshake.address();
        return client.connect(
                handshake.offer().target().user(),
                address,
                AttributeRepository.ofKeyValuePair(Handshake.KEY, handshake),
                null);
    }

    /** Closes all sessions and stops all threads. Blocks for some seconds at most. */
    @Override
    public void close() {
        client.stop();
    }
}
