package io.sshpool.impl.mina;

import io.sshpool.SshConfigException;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.Credential;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Makes identities of credentials. A certificate out of its time is an error here, before anything is shown: the server would count it
 * as a failed attempt.
 *
 * @param deadline on the pool's clock; agents are asked until then
 * @param threads agents sign on a worker
 * @param validity when certificates hold
 * @param proven the fingerprint that this target took last, empty for none
 */
record Identities(long deadline, PoolThreads threads, Validity validity, Optional<String> proven) {

    /** Reads a private key; an encrypted one takes its time. */
    List<Identity> of(Credential.PrivateKey credential) {
        List<KeyPair> pairs = PrivateKeys.load(credential.text(), credential.passphrase());
        Optional<PublicKeyLine> certificate = credential.certificate().map(Identities::certificate);
        certificate.ifPresent(this::checkTime);
        return pairs.stream()
                .map(pair -> new Identity(shown(pair, certificate), signer(pair.getPrivate())))
                .toList();
    }

    private static PublicKeyLine shown(KeyPair pair, Optional<PublicKeyLine> certificate) {
        certificate.ifPresent(line -> {
            if (!KeyUtils.compareKeys(line.plain(), pair.getPublic())) {
                throw new SshConfigException("the certificate is for another key (" + line.fingerprint()
                        + ") than the private key (" + KeyUtils.getFingerPrint(pair.getPublic()) + ")");
            }
        });
        return certificate.orElseGet(() -> new PublicKeyLine(PublicKeyLine.blobOf(pair.getPublic()), pair.getPublic()));
    }

    /** A user's certificate; its time does not matter. */
    static PublicKeyLine certificate(String text) {
        PublicKeyLine line = PublicKeyLine.parse(text);
        OpenSshCertificate certificate = line.certificate()
                .orElseThrow(() -> new SshConfigException("the certificate is a bare public key; the certificate is in"
                        + " the file that ends with -cert.pub"));
        if (certificate.getType() != OpenSshCertificate.Type.USER) {
            throw new SshConfigException("the certificate is a host's, not a user's");
        }
        return line;
    }

    private void checkTime(PublicKeyLine line) {
        line.certificate().flatMap(validity::problem).ifPresent(problem -> {
            throw new SshConfigException("the certificate for the key " + line.fingerprint() + " " + problem
                    + "; it was not shown to the server");
        });
    }

    /** Asks an agent, and blocks until the deadline at most. Certificates come first, and before them what has worked last. */
    List<Identity> of(Credential.Agent credential) {
        SshAgent agent = new SshAgent(credential.socket(), deadline, threads);
        List<PublicKeyLine> held = held(agent);
        if (credential.identity().isPresent()) {
            return List.of(only(PublicKeyLine.parse(credential.identity().get()), held, agent));
        }
        return held.stream()
                .filter(line -> line.certificate().flatMap(validity::problem).isEmpty())
                .sorted(Comparator.comparing((PublicKeyLine line) -> !proven.equals(Optional.of(line.fingerprint())))
                        .thenComparing(line -> line.certificate().isEmpty()))
                .map(line -> new Identity(line, signer(agent, line)))
                .toList();
    }

    private Identity only(PublicKeyLine wanted, List<PublicKeyLine> held, SshAgent agent) {
        checkTime(wanted);
        PublicKeyLine key = held.stream()
                .filter(line -> KeyUtils.compareKeys(line.plain(), wanted.plain()))
                // a bare key signs for every certificate, one with a certificate for nothing else in some agents
                .min(Comparator.comparing((PublicKeyLine line) -> !line.isSameAs(wanted))
                        .thenComparing(line -> line.certificate().isPresent()))
                .orElseThrow(() -> new SshConfigException("the agent at " + agent.socket() + " does not hold the key "
                        + wanted.fingerprint() + "; add it with ssh-add"));
        return new Identity(wanted, signer(agent, key));
    }

    private static List<PublicKeyLine> held(SshAgent agent) {
        List<PublicKeyLine> held = new ArrayList<>();
        try {
            for (byte[] blob : agent.identities()) {
                readable(blob).ifPresent(held::add);
            }
        } catch (IOException e) {
            throw new SshConfigException("the agent at " + agent.socket() + " cannot be asked for its keys: "
                    + e.getMessage() + "; is it running?");
        }
        return held;
    }

    /** Empty for types that we cannot use, such as those of security keys. */
    private static Optional<PublicKeyLine> readable(byte[] blob) {
        try {
            return Optional.of(PublicKeyLine.of(blob)).filter(line -> PrivateKeys.isSupported(line.plainType()));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Identity.Signer signer(PrivateKey key) {
        return (algorithm, data) -> {
            try {
                Signature signature =
                        BuiltinSignatures.fromFactoryName(algorithm).create();
                signature.initSigner(null, key);
                signature.update(null, data);
                ByteArrayBuffer signed = new ByteArrayBuffer();
                signed.putString(algorithm);
                signed.putBytes(signature.sign(null));
                return CompletableFuture.completedFuture(signed.getCompactData());
            } catch (Exception e) {
                return CompletableFuture.failedFuture(e);
            }
        };
    }

    private Identity.Signer signer(SshAgent agent, PublicKeyLine key) {
        return (algorithm, data) -> CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return agent.sign(key.blob(), algorithm, data);
                    } catch (IOException e) {
                        throw new CompletionException(new IOException("the agent at " + agent.socket()
                                + " did not sign with the key " + key.fingerprint() + ": " + e.getMessage()));
                    }
                },
                threads.workers());
    }
}
