package io.sshpool.impl.mina;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.sshd.client.auth.AbstractUserAuth;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Log-in by public key (RFC 4252, 7): shows one identity after the other, and signs for the one that the server would take. Not MINA's,
 * which signs on the I/O thread, where nobody may wait for an agent, and shows keys of its own choice.
 */
final class PublicKeyMethod extends AbstractUserAuth {

    static final String NAME = "publickey";

    private final Login login;
    private Identity current;
    private String algorithm;

    PublicKeyMethod(Login login) {
        super(NAME);
        this.login = login;
    }

    @Override
    protected boolean sendAuthDataRequest(ClientSession session, String service) throws Exception {
        while (true) {
            Optional<Identity> next = login.nextIdentity();
            if (next.isEmpty()) {
                return false;
            }
            Optional<String> able = next.get().algorithm(session);
            if (able.isPresent()) {
                current = next.get();
                algorithm = able.get();
                login.showing(NAME);
                session.writePacket(request(session, service, false));
                return true;
            }
        }
    }

    /** The server would take the key. */
    @Override
    protected boolean processAuthDataRequest(ClientSession session, String service, Buffer buffer) {
        boolean ours = buffer.getUByte() == SshConstants.SSH_MSG_USERAUTH_PK_OK
                && buffer.getString().equals(current.announced(algorithm))
                && Arrays.equals(buffer.getBytes(), current.shown().blob());
        if (!ours) {
            return false;
        }
        try {
            Buffer signed = new ByteArrayBuffer();
            signed.putBytes(session.getSessionId());
            Buffer request = request(session, service, true);
            signed.putRawBytes(request.array(), request.rpos(), request.available());
            current.signer()
                    .sign(algorithm, signed.getCompactData())
                    .whenComplete((signature, failure) -> signed(session, service, signature, failure));
        } catch (RejectedExecutionException closing) {
            session.close(true);
        }
        return true;
    }

    private void signed(ClientSession session, String service, byte[] signature, Throwable failure) {
        try {
            if (failure == null) {
                Buffer request = request(session, service, true);
                request.putBytes(signature);
                session.writePacket(request);
                return;
            }
            login.unsigned(failure instanceof CompletionException ? failure.getCause() : failure);
            if (!sendAuthDataRequest(session, service)) {
                session.close(true);
            }
        } catch (Exception e) {
            session.exceptionCaught(e);
        }
    }

    private Buffer request(ClientSession session, String service, boolean signed) {
        Buffer request = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_REQUEST);
        request.putString(session.getUsername());
        request.putString(service);
        request.putString(NAME);
        request.putBoolean(signed);
        request.putString(current.announced(algorithm));
        request.putBytes(current.shown().blob());
        return request;
    }

    @Override
    public void signalAuthMethodSuccess(ClientSession session, String service, Buffer buffer) {
        login.accepted(current);
    }

    @Override
    public void signalAuthMethodFailure(
            ClientSession session, String service, boolean partial, List<String> serverMethods, Buffer buffer) {
        if (partial) {
            login.accepted(current);
        }
    }
}
