package io.sshpool.impl.mina;

import org.apache.sshd.client.kex.DHGClient;
import org.apache.sshd.client.kex.DHGEXClient;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.kex.KeyExchange;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.session.Session;

/**
 * The client's side of a key exchange that leaves host certificates to the host key policy. MINA's would compare a certificate's names
 * with the address, end the session before the policy is asked, and not say that it was about trust.
 */
final class KeyExchanges {

    private KeyExchanges() {}

    /** Of any kind; MINA's group exchange does not look at certificates. */
    static KeyExchangeFactory of(DHFactory factory) {
        return factory.isGroupExchange() ? DHGEXClient.newFactory(factory) : new Fixed(factory.getName(), factory);
    }

    private record Fixed(String getName, DHFactory group) implements KeyExchangeFactory {

        @Override
        public KeyExchange createKeyExchange(Session session) {
            return new PolicyDecides(group, session);
        }
    }

    private static final class PolicyDecides extends DHGClient {

        private PolicyDecides(DHFactory group, Session session) {
            super(group, session);
        }

        /** Checks nothing: {@link HostCertificates} does, for the policy, which hears of every key before it is trusted. */
        @Override
        protected void verifyCertificate(Session session, OpenSshCertificate certificate) {}
    }
}
