package io.sshpool.demo.hosts;

import io.sshpool.demo.shell.Personalities;
import io.sshpool.demo.shell.Personality;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;

/**
 * The fake hosts, which live as long as the application. Their ports and logins are new at every start; {@code
 * application.properties} refers to them by the system properties set here. Not application-scoped, so that the pool, which is,
 * closes before its hosts do.
 */
@Singleton
public class FakeHosts {

    private final Map<String, FakeHost> hosts = new LinkedHashMap<>();
    private Workspace workspace;

    /**
     * All hosts.
     *
     * @return running or not
     */
    public List<FakeHost> all() {
        return List.copyOf(hosts.values());
    }

    /**
     * A host.
     *
     * @param name its name
     * @return empty if there is none of that name
     */
    public Optional<FakeHost> named(String name) {
        return Optional.ofNullable(hosts.get(name));
    }

    /** First of all: the pool, which observes the same event, reads its configuration when it is made. */
    void start(@Observes @Priority(1) Startup event) throws IOException, GeneralSecurityException {
        workspace = new Workspace();
        System.setProperty("demo.folder", workspace.folder().toString());
        KeyPair userKey = ed25519();
        workspace.writeKey("id_ed25519", userKey);
        String password = password();
        workspace.write("password", List.of(password));
        for (Personality personality : Personalities.all()) {
            boolean byKey = personality.name().startsWith("web");
            Login login = byKey ? Login.key(userKey.getPublic()) : Login.password(password);
            FakeHost host = new FakeHost(personality, ed25519(), login);
            host.start();
            hosts.put(host.name(), host);
            System.setProperty("demo." + host.name() + ".port", String.valueOf(host.port()));
        }
        workspace.write(
                "known_hosts",
                hosts.values().stream().map(FakeHost::knownHostsLine).toList());
    }

    @PreDestroy
    void stop() {
        try {
            for (FakeHost host : hosts.values()) {
                host.stop();
            }
            workspace.close();
        } catch (IOException leftover) {
            throw new UncheckedIOException(leftover);
        }
    }

    private static KeyPair ed25519() throws GeneralSecurityException {
        return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
    }

    private static String password() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
