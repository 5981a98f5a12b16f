package io.sshpool.impl.mina;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Credential;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;

/** Tells at start what would be wrong with a credential at the first connect, as far as that can be known without server and agent. */
public final class CredentialCheck {

    private CredentialCheck() {}

    /**
     * Tries to read a credential. Does no I/O; an encrypted key costs its key derivation. Whether a certificate holds at this time
     * does not matter: it may be renewed before it is used.
     *
     * @param credential what the configuration has
     * @return what is wrong, without anything secret; empty when it can be used
     */
    public static Optional<String> problem(Credential credential) {
        try {
            if (credential instanceof Credential.PrivateKey key) {
                check(key);
            } else if (credential instanceof Credential.Agent agent) {
                agent.identity().ifPresent(CredentialCheck::checkIdentity);
            }
            return Optional.empty();
        } catch (SshConfigException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static void check(Credential.PrivateKey key) {
        var pairs = PrivateKeys.load(key.text(), key.passphrase());
        key.certificate().map(Identities::certificate).ifPresent(line -> {
            if (pairs.stream().noneMatch(pair -> KeyUtils.compareKeys(pair.getPublic(), line.plain()))) {
                throw new SshConfigException("the certificate is for another key, " + line.fingerprint());
            }
        });
    }

    private static void checkIdentity(String text) {
        PublicKeyLine line = PublicKeyLine.parse(text);
        if (line.certificate().isPresent()) {
            Identities.certificate(text);
        }
        if (!PrivateKeys.isSupported(line.plainType())) {
            throw new SshConfigException("the key's type is not supported; " + PrivateKeyText.CHOICE);
        }
    }
}
