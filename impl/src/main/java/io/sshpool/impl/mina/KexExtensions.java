package io.sshpool.impl.mina;

import java.io.IOException;
import org.apache.sshd.common.kex.extension.DefaultClientKexExtensionHandler;
import org.apache.sshd.common.kex.extension.KexExtensionHandler;
import org.apache.sshd.common.kex.extension.parser.HostBoundPubkeyAuthentication;
import org.apache.sshd.common.session.Session;

/**
 * What a server announces after the key exchange (RFC 8308), as MINA takes it, but for host-bound authentication: {@link PublicKeyMethod}
 * makes no use of it, and MINA would log it at INFO for each connect.
 */
final class KexExtensions implements KexExtensionHandler {

    private static final KexExtensionHandler MINAS = DefaultClientKexExtensionHandler.INSTANCE;

    @Override
    public boolean isKexExtensionsAvailable(Session session, AvailabilityPhase phase) throws IOException {
        return MINAS.isKexExtensionsAvailable(session, phase);
    }

    @Override
    public boolean handleKexExtensionRequest(Session session, int index, int count, String name, byte[] data)
            throws Exception {
        return HostBoundPubkeyAuthentication.NAME.equals(name)
                || MINAS.handleKexExtensionRequest(session, index, count, name, data);
    }
}
