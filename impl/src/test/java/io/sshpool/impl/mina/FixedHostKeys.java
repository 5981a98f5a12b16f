package io.sshpool.impl.mina;

import io.sshpool.HostKeyException;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.net.SocketAddress;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;

/** Trusts one key. */
record FixedHostKeys(Optional<PublicKey> trusted, List<String> knownKeyTypes) implements HostKeyPolicy {

    static FixedHostKeys trusting(KeyPair key) {
        return new FixedHostKeys(Optional.of(key.getPublic()), List.of(KeyUtils.getKeyType(key)));
    }

    static FixedHostKeys trustingNobody() {
        return new FixedHostKeys(Optional.empty(), List.of());
    }

    /** A target on this machine. */
    static Target target(int port) {
        return new Target(
                "build", true, EmbeddedServer.USER, "127.0.0.1", port, Trust.NOBODY, Target.Limits.NONE, false, false);
    }

    @Override
    public void verify(Target target, SocketAddress address, PublicKey key) {
        if (trusted.filter(known -> KeyUtils.compareKeys(known, key)).isEmpty()) {
            throw new HostKeyException(target.name(), "not trusted: " + KeyUtils.getFingerPrint(key), null);
        }
    }

    @Override
    public List<String> knownKeyTypes(Target target) {
        return knownKeyTypes;
    }

    @Override
    public Object revision(Target target) {
        return trusted.map(KeyUtils::getFingerPrint).orElse("");
    }
}
