package io.sshpool.impl.mina;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.OptionalFeature;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/**
 * What is offered to a server, best first. By name, as what MINA and Bouncy Castle have depends on their versions: what is not
 * there is left out.
 *
 * @param keyExchanges of the key exchange
 * @param ciphers of both directions
 * @param macs of both directions, for ciphers that need one
 */
record Algorithms(
        List<KeyExchangeFactory> keyExchanges, List<NamedFactory<Cipher>> ciphers, List<NamedFactory<Mac>> macs) {

    private static final List<String> KEY_EXCHANGES = List.of(
            "mlkem768x25519-sha256",
            "curve25519-sha256",
            "curve25519-sha256@libssh.org",
            "ecdh-sha2-nistp256",
            "ecdh-sha2-nistp384",
            "ecdh-sha2-nistp521",
            "sntrup761x25519-sha512",
            "sntrup761x25519-sha512@openssh.com",
            "diffie-hellman-group14-sha256",
            "diffie-hellman-group16-sha512",
            "diffie-hellman-group18-sha512",
            "diffie-hellman-group-exchange-sha256");
    private static final List<String> OLD_KEY_EXCHANGES =
            List.of("diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1");

    // MINA's ChaCha20 is plain Java: three to four times slower than GCM, and behind CTR too.
    private static final List<String> CIPHERS = List.of(
            "aes128-gcm@openssh.com",
            "aes256-gcm@openssh.com",
            "aes128-ctr",
            "aes192-ctr",
            "aes256-ctr",
            "chacha20-poly1305@openssh.com");
    private static final List<String> OLD_CIPHERS = List.of("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc");

    private static final List<String> MACS =
            List.of("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512");
    private static final List<String> OLD_MACS = List.of("hmac-sha1-etm@openssh.com", "hmac-sha1");

    private static final List<String> SIGNATURES = List.of(
            "ssh-ed25519",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "rsa-sha2-512",
            "rsa-sha2-256");
    private static final String OLD_SIGNATURE = "ssh-rsa";
    private static final String CERTIFICATE = "-cert-v01@openssh.com";

    static {
        Providers.prepare();
    }

    /** For every host that is up to date. */
    static final Algorithms STRONG = of(KEY_EXCHANGES, CIPHERS, MACS);

    /** For one old host: what is strong still comes first. */
    static final Algorithms LEGACY =
            of(joined(KEY_EXCHANGES, OLD_KEY_EXCHANGES), joined(CIPHERS, OLD_CIPHERS), joined(MACS, OLD_MACS));

    /**
     * The algorithms of host keys and of our own. Those of the host keys that are known come first: a server shows only one
     * key, and any other one would have to be rejected although the server is who it should be.
     *
     * @param knownKeyTypes by which the host is known
     * @param legacy whether SHA-1 is allowed
     */
    static List<NamedFactory<Signature>> signatures(List<String> knownKeyTypes, boolean legacy) {
        List<String> allowed = legacy ? joined(SIGNATURES, List.of(OLD_SIGNATURE)) : SIGNATURES;
        Set<String> ordered = new LinkedHashSet<>();
        for (String type : knownKeyTypes) {
            ordered.addAll(algorithmsFor(type, allowed));
        }
        ordered.addAll(allowed);
        return supported(ordered, BuiltinSignatures::fromFactoryName, factory -> factory);
    }

    // A certificate is asked for only where one is known: a server that has both would show it in place of its plain
    // key.
    private static List<String> algorithmsFor(String keyType, List<String> allowed) {
        boolean certificate = keyType.endsWith(CERTIFICATE);
        String plain = certificate ? keyType.substring(0, keyType.length() - CERTIFICATE.length()) : keyType;
        String suffix = certificate ? CERTIFICATE : "";
        return allowed.stream()
                .filter(name -> name.equals(plain) || (plain.equals("ssh-rsa") && name.startsWith("rsa-sha2-")))
                .map(name -> name + suffix)
                .toList();
    }

    private static Algorithms of(List<String> keyExchanges, List<String> ciphers, List<String> macs) {
        return new Algorithms(
                supported(keyExchanges, BuiltinDHFactories::fromFactoryName, KeyExchanges::of),
                supported(ciphers, BuiltinCiphers::fromFactoryName, factory -> factory),
                supported(macs, BuiltinMacs::fromFactoryName, factory -> factory));
    }

    private static <F extends Enum<F> & OptionalFeature, T> List<T> supported(
            Iterable<String> names, Function<String, F> byName, Function<? super F, ? extends T> made) {
        List<T> factories = new ArrayList<>();
        for (String name : names) {
            F factory = byName.apply(name);
            if (factory != null && factory.isSupported()) {
                factories.add(Objects.requireNonNull(made.apply(factory)));
            }
        }
        return List.copyOf(factories);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return List.copyOf(both);
    }
}
