package io.sshpool.impl.mina;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.extension.DefaultClientKexExtensionHandler;

/**
 * A key to show to a server.
 *
 * @param shown what the server sees: the public key, or a certificate for it
 * @param signer proves that we have the private one
 */
record Identity(PublicKeyLine shown, Signer signer) {

    private static final String CERTIFICATE = "-cert-v01@openssh.com";
    private static final List<String> UNANNOUNCED = List.of("ssh-rsa", "rsa-sha2-256", "rsa-sha2-512");

    /** Signs with the private key. */
    @FunctionalInterface
    interface Signer {

        /**
         * Signs; never blocks.
         *
         * @param algorithm such as {@code rsa-sha2-512}
         * @param data what to sign
         * @return the signature as SSH has it: the algorithm's name, and the bytes
         */
        CompletableFuture<byte[]> sign(String algorithm, byte[] data);
    }

    /** Its type, with which the server is to take a certificate for one. */
    String announced(String algorithm) {
        return shown.certificate().isPresent() ? algorithm + CERTIFICATE : algorithm;
    }

    /** What to sign with. Only one: to show an RSA key anew for each would count as a failure every time. */
    Optional<String> algorithm(ClientSession session) {
        String type = shown.plainType();
        List<String> able = session.getSignatureFactories().stream()
                .map(NamedFactory::getName)
                .filter(name -> !name.endsWith(CERTIFICATE))
                .filter(name -> KeyUtils.getCanonicalKeyType(name).equals(type))
                .toList();
        Set<String> announced = session.getAttribute(DefaultClientKexExtensionHandler.SERVER_ALGORITHMS);
        Optional<String> common = announced == null
                ? Optional.empty()
                : able.stream().filter(announced::contains).findFirst();
        return common.or(() -> able.stream().min(Comparator.comparingInt(Identity::rank)));
    }

    // SHA-1 is among ours for legacy targets only, and a server that announces nothing is old.
    private static int rank(String algorithm) {
        int known = UNANNOUNCED.indexOf(algorithm);
        return known < 0 ? UNANNOUNCED.size() : known;
    }
}
