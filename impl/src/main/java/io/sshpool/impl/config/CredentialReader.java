package io.sshpool.impl.config;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Credential;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Reads where credentials are, and tries them as far as that goes without a server. */
final class CredentialReader {

    private static final String SOCKET_VARIABLE = "SSH_AUTH_SOCK";

    private final Lookup lookup;
    private final Problems problems;
    private final Function<Credential, Optional<String>> check;

    CredentialReader(Lookup lookup, Problems problems, Function<Credential, Optional<String>> check) {
        this.lookup = lookup;
        this.problems = problems;
        this.check = check;
    }

    Secrets read(TargetSettings settings) {
        Secrets secrets = new Secrets(
                settings.secret(TargetSettings.PRIVATE_KEY),
                settings.secret(TargetSettings.PASSPHRASE),
                settings.secret(TargetSettings.CERTIFICATE),
                agent(settings),
                settings.secret(TargetSettings.PASSWORD));
        secrets.password().ifPresent(password -> read(password, Secret::line));
        Optional<String> passphrase = secrets.passphrase().flatMap(secret -> read(secret, Secret::line));
        Optional<String> certificate = secrets.certificate().flatMap(secret -> read(secret, Secret::line));
        if (secrets.certificate().isPresent() && !settings.isSet(TargetSettings.PRIVATE_KEY) && !hasAgent(settings)) {
            problems.add(
                    settings.key(TargetSettings.PRIVATE_KEY),
                    "is missing: a certificate needs its private key, here or in an agent");
        }
        boolean unlocks = passphrase.isPresent() == settings.isSet(TargetSettings.PASSPHRASE);
        Optional<String> key = secrets.privateKey().flatMap(secret -> read(secret, Secret::privateKey));
        boolean inAgent = secrets.agent().isPresent()
                && key.map(Secrets::isPublic).orElse(secrets.privateKey().isEmpty());
        if (inAgent) {
            Path agent = secrets.agent().get();
            key.ifPresent(text -> note(secrets.privateKey(), new Credential.Agent(agent, key)));
            certificate.ifPresent(text -> note(secrets.certificate(), new Credential.Agent(agent, certificate)));
        } else if (key.isPresent() && unlocks) {
            boolean readable = note(secrets.privateKey(), new Credential.PrivateKey(key.get(), passphrase));
            if (readable && certificate.isPresent()) {
                note(secrets.certificate(), new Credential.PrivateKey(key.get(), passphrase, certificate));
            }
        }
        return secrets;
    }

    /** Notes what is wrong with a credential under the key that it comes from. */
    private boolean note(Optional<Secret> secret, Credential credential) {
        Optional<String> fault = fault(credential);
        fault.ifPresent(text -> problems.add(secret.orElseThrow().key() + ":", text));
        return fault.isEmpty();
    }

    boolean hasOne(TargetSettings settings) {
        return settings.isSet(TargetSettings.PRIVATE_KEY)
                || settings.isSet(TargetSettings.PASSWORD)
                || hasAgent(settings);
    }

    private static boolean hasAgent(TargetSettings settings) {
        return settings.value(TargetSettings.AGENT, text -> text)
                .filter(text -> !text.equals("false"))
                .isPresent();
    }

    void checkHasOne(TargetSettings settings) {
        if (!hasOne(settings)) {
            problems.add(
                    settings.key(TargetSettings.PRIVATE_KEY),
                    "is missing: a target needs it, agent or password, of its own or among sshpool.defaults");
        }
    }

    /** The socket of the agent: that of the environment, as ssh has it, or one that is named. */
    private Optional<Path> agent(TargetSettings settings) {
        Optional<String> value =
                settings.value(TargetSettings.AGENT, text -> text).filter(text -> !text.equals("false"));
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String key = settings.decidingKey(TargetSettings.AGENT).orElseThrow();
        if (!value.get().equals("true")) {
            return settings.value(TargetSettings.AGENT, Forms::path).filter(path -> isSocket(key, path));
        }
        Optional<Path> socket = lookup.value(SOCKET_VARIABLE, Forms::path);
        if (socket.isEmpty()) {
            problems.add(
                    key, "is true, but " + SOCKET_VARIABLE + " is not set; start an ssh-agent, or name its socket");
        }
        return socket.filter(path -> isSocket(key, path));
    }

    private boolean isSocket(String key, Path path) {
        boolean there = Files.exists(path);
        boolean socket = there && !Files.isRegularFile(path) && !Files.isDirectory(path);
        if (!socket) {
            problems.add(
                    key,
                    (there ? "names something that is no socket: " : "names a socket that does not exist: ") + path);
        }
        return socket;
    }

    private Optional<String> read(Secret secret, Function<Secret, String> how) {
        try {
            return Optional.of(how.apply(secret));
        } catch (SshConfigException unreadable) {
            problems.addAll(unreadable.problems());
            return Optional.empty();
        }
    }

    private Optional<String> fault(Credential credential) {
        try {
            return check.apply(credential);
        } catch (SshConfigException malformed) {
            return Optional.of(malformed.getMessage());
        } catch (RuntimeException failed) {
            // What a parser says may quote what it parsed.
            return Optional.of(
                    "the private key cannot be read: " + failed.getClass().getSimpleName());
        }
    }
}
