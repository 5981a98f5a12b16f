package io.sshpool.demo.hosts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Objects;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.RejectAllPasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.RejectAllPublickeyAuthenticator;

/** How the one user of a host proves who he is. Made anew at every start of the demo. */
interface Login {

    /** The name of that user. */
    String USER = "demo";

    /** Has a server accept this login and no other. */
    void guard(SshServer server);

    /** A password. */
    static Login password(String secret) {
        Objects.requireNonNull(secret, "secret");
        return server -> {
            server.setPublickeyAuthenticator(RejectAllPublickeyAuthenticator.INSTANCE);
            server.setPasswordAuthenticator((user, password, session) ->
                    USER.equals(user) && MessageDigest.isEqual(password.getBytes(UTF_8), secret.getBytes(UTF_8)));
        };
    }

    /** The private key that belongs to a public one. */
    static Login key(PublicKey publicKey) {
        Objects.requireNonNull(publicKey, "publicKey");
        return server -> {
            server.setPasswordAuthenticator(RejectAllPasswordAuthenticator.INSTANCE);
            server.setPublickeyAuthenticator(
                    (user, key, session) -> USER.equals(user) && KeyUtils.compareKeys(key, publicKey));
        };
    }
}
