package io.sshpool.impl.mina;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.ClientUserAuthService;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.logging.SimplifiedLog;
import org.apache.sshd.core.CoreModuleProperties;
import org.slf4j.Logger;

/** A session that takes its algorithms and its log-in from the handshake it was opened for, not from the client. */
final class PooledSession extends ClientSessionImpl {

    private volatile boolean eager = true;

    private PooledSession(ClientFactoryManager client, IoSession socket) throws Exception {
        super(client, socket);
    }

    /** The methods of this handshake. Called while the superclass is being constructed. */
    @Override
    public List<UserAuthFactory> getUserAuthFactories() {
        return login().methods();
    }

    /** How it was logged in. */
    Login login() {
        return handshakeOf(getIoSession()).login();
    }

    /**
     * Acknowledges at once while the session is being set up. sshd sends small packets with Nagle's algorithm until it runs the
     * first command: each waits for the acknowledgement of the one before, which the kernel delays by 40 ms.
     */
    @Override
    public void messageReceived(Readable buffer) throws Exception {
        if (eager) {
            QuickAck.set(getIoSession());
        }
        super.messageReceived(buffer);
    }

    /** The first command has run, or SFTP has begun: from here on the server is in no hurry either. */
    void settle() {
        eager = false;
    }

    @Override
    protected KeyExchangeMessageHandler initializeKeyExchangeMessageHandler() {
        return new BriefFlusher(this, log);
    }

    // MINA's writes a line at INFO. That a connection ends is told by the pool.
    @Override
    public void disconnect(int reason, String message) throws IOException {
        signalDisconnect(reason, message, "", true);
        // As MINA does: to tell a padding from a MAC that is wrong would help who garbles packets.
        boolean garbled = reason == SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR
                || reason == SshConstants.SSH2_DISCONNECT_MAC_ERROR;
        Buffer packet = createBuffer(SshConstants.SSH_MSG_DISCONNECT, message.length() + 64);
        packet.putInt(garbled ? SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR : reason);
        packet.putString(garbled ? "protocol error" : message);
        packet.putString("");
        // Bounded: a peer that does not read would keep the socket open.
        writePacket(packet, CoreModuleProperties.DISCONNECT_TIMEOUT.getRequired(this))
                .addListener(written -> close(true));
    }

    // MINA's writes a line at WARN.
    @Override
    public void exceptionCaught(Throwable failure) {
        signalAuthFailure(failure);
        if (isClosing()) {
            close(true);
            return;
        }
        log.debug("{} fails", this, failure);
        signalExceptionCaught(failure);
        if (!(failure instanceof SshException told && told.getDisconnectCode() > 0 && says(told))) {
            close(true);
        }
    }

    private boolean says(SshException failure) {
        try {
            disconnect(failure.getDisconnectCode(), String.valueOf(failure.getMessage()));
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    // MINA dumps all packets at TRACE, under the name of this class: whoever looks for the pool's own lines would get
    // them.
    @Override
    protected SimplifiedLog getSimplifiedLogger() {
        return SimplifiedLog.EMPTY;
    }

    private static Handshake handshakeOf(IoSession socket) {
        AttributeRepository context = (AttributeRepository) socket.getAttribute(AttributeRepository.class);
        return context.getAttribute(Handshake.KEY);
    }

    /** Makes such sessions. */
    static final class Sessions extends SessionFactory {

        Sessions(ClientFactoryManager client) {
            super(client);
        }

        @Override
        protected ClientSessionImpl doCreateSession(IoSession socket) throws Exception {
            PooledSession session = new PooledSession(getClient(), socket);
            handshakeOf(socket).attach(session);
            return session;
        }
    }

    /** Hears which methods a server allows, which MINA keeps to itself. */
    static final class LoginService extends ClientUserAuthService {

        private LoginService(Session session) {
            super(session);
        }

        @Override
        protected void processUserAuth(int message, Buffer buffer, AuthFuture future) throws Exception {
            if (message == SshConstants.SSH_MSG_USERAUTH_FAILURE) {
                int start = buffer.rpos();
                List<String> allowed = Arrays.asList(buffer.getString().split(","));
                boolean partialSuccess = buffer.getBoolean();
                buffer.rpos(start);
                handshakeOf(((AbstractSession) getSession()).getIoSession())
                        .login()
                        .continuesWith(allowed, partialSuccess);
            }
            super.processUserAuth(message, buffer, future);
        }
    }

    /** Makes such services. */
    static final class LoginServices extends ClientUserAuthServiceFactory {

        @Override
        public Service create(Session session) throws IOException {
            return new LoginService(session);
        }
    }

    /** MINA's own, whose static thread would outlive the pool, and so its class loader, by a minute. */
    private static final class BriefFlusher extends KeyExchangeMessageHandler {

        private BriefFlusher(AbstractSession session, Logger log) {
            super(session, log);
            if (flushRunner instanceof ThreadPoolExecutor threads) {
                threads.setKeepAliveTime(1, TimeUnit.SECONDS);
            }
        }
    }
}
