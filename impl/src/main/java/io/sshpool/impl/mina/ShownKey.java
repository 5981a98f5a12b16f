package io.sshpool.impl.mina;

import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/**
 * What a server showed in the key exchange.
 *
 * @param key its key, which the certificate certifies if there is one
 * @param certificate around the key
 * @param authority whose key signed the certificate
 */
record ShownKey(HostKey key, Optional<OpenSshCertificate> certificate, Optional<HostKey> authority) {

    static ShownKey of(PublicKey shown) {
        HostKey key = HostKey.of(shown);
        return shown instanceof OpenSshCertificate certificate
                ? new ShownKey(key, Optional.of(certificate), Optional.of(HostKey.of(certificate.getCaPubKey())))
                : new ShownKey(key, Optional.empty(), Optional.empty());
    }

    /** Whether trust in this server would rest on a key. */
    boolean restsOn(HostKey other) {
        return key.equals(other) || authority.filter(other::equals).isPresent();
    }

    @Override
    public String toString() {
        return authority.map(a -> key + " with a certificate by " + a).orElseGet(key::toString);
    }
}
