package io.sshpool.impl.mina;

import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What would be shown to a server, and how it would be judged, as a value to compare.
 *
 * @param credentials a digest that nobody can guess passwords with
 * @param hostKeys the policy's
 */
record Revision(String credentials, Object hostKeys) {

    @Override
    public String toString() {
        return "Revision[hidden]";
    }

    /** Digests credentials under a key of its own, so that equal ones are equal within one pool only. */
    static final class Digest {

        private final SecretKeySpec key;

        Digest() {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            key = new SecretKeySpec(random, "HmacSHA256");
        }

        /** Asks agents what they hold, and blocks until the deadline at most. */
        String of(List<Credential> credentials, long deadline, PoolThreads threads) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                for (Credential credential : credentials) {
                    if (credential instanceof Credential.PrivateKey k) {
                        add(mac, 'k', k.text());
                        k.passphrase().ifPresent(passphrase -> add(mac, 'p', passphrase));
                        k.certificate().ifPresent(certificate -> add(mac, 'c', certificate));
                    } else if (credential instanceof Credential.Agent a) {
                        a.identity().ifPresent(identity -> add(mac, 'i', identity));
                        add(mac, 'a', held(new SshAgent(a.socket(), deadline, threads)));
                    } else if (credential instanceof Credential.Password p) {
                        add(mac, 'w', p.value());
                    }
                }
                return HexFormat.of().formatHex(mac.doFinal());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JVM has HmacSHA256", e);
            }
        }

        // That an agent cannot be asked is a state of its own, which its return ends.
        private static String held(SshAgent agent) {
            try {
                return agent.identities().stream()
                        .map(HexFormat.of()::formatHex)
                        .collect(Collectors.joining(",", agent.socket() + " ", ""));
            } catch (IOException e) {
                return agent.socket() + " is out of reach";
            }
        }

        // Kind and length in front, so that no two lists of credentials run together.
        private static void add(Mac mac, char kind, String secret) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            mac.update((kind + ":" + bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            mac.update(bytes);
        }
    }
}
