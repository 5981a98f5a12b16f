package io.sshpool.impl.mina;

import io.sshpool.impl.pool.Text;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/** Checks OpenSSH host certificates (OpenSSH's PROTOCOL.certkeys). */
final class HostCertificates {

    /** What a certificate authority's key of a type may sign with; not SHA-1, as with OpenSSH. */
    private static final Map<String, Set<String>> SIGNATURES = Map.of(
            "ssh-ed25519", Set.of("ssh-ed25519"),
            "ecdsa-sha2-nistp256", Set.of("ecdsa-sha2-nistp256"),
            "ecdsa-sha2-nistp384", Set.of("ecdsa-sha2-nistp384"),
            "ecdsa-sha2-nistp521", Set.of("ecdsa-sha2-nistp521"),
            "ssh-rsa", Set.of("rsa-sha2-256", "rsa-sha2-512"));

    private final Validity validity;

    HostCertificates(InstantSource clock) {
        this(new Validity(clock));
    }

    private HostCertificates(Validity validity) {
        this.validity = validity;
    }

    static HostCertificates onWallClock() {
        return new HostCertificates(Validity.onWallClock());
    }

    /**
     * Whether a certificate holds for a host now, provided that its authority is trusted.
     *
     * @param certificate what the server showed
     * @param host the host's name, without port
     * @return why not
     */
    Optional<String> problem(OpenSshCertificate certificate, String host) {
        if (certificate.getType() != OpenSshCertificate.Type.HOST) {
            return Optional.of("is a user's, not a host's");
        }
        Collection<String> names = certificate.getPrincipals();
        // OpenSSH before 10 takes no name for any name.
        if (!names.contains(host)) {
            return Optional.of("is for " + (names.isEmpty() ? "no host" : Text.printable(String.join(", ", names), 200))
                    + ", not for " + host);
        }
        if (!certificate.getCriticalOptions().isEmpty()) {
            return Optional.of("has critical options that are not understood");
        }
        return validity.problem(certificate)
                .or(() -> isSigned(certificate) ? Optional.empty() : Optional.of("has no valid signature"));
    }

    private static boolean isSigned(OpenSshCertificate certificate) {
        String authority = KeyUtils.getKeyType(certificate.getCaPubKey());
        String algorithm = certificate.getSignatureAlgorithm();
        if (!SIGNATURES.getOrDefault(authority, Set.of()).contains(algorithm)) {
            return false;
        }
        try {
            Signature verifier = BuiltinSignatures.fromFactoryName(algorithm).create();
            verifier.initVerifier(null, certificate.getCaPubKey());
            verifier.update(null, certificate.getMessage());
            return verifier.verify(null, certificate.getSignature());
        } catch (Exception e) {
            // A malformed signature is one that does not verify.
            return false;
        }
    }
}
