package io.sshpool.impl.mina;

import io.sshpool.spi.Credential;
import java.security.KeyPair;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.sshd.client.auth.AbstractUserAuth;
import org.apache.sshd.client.auth.UserAuth;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.password.UserAuthPassword;
import org.apache.sshd.client.auth.pubkey.KeyPairIdentity;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.extension.DefaultClientKexExtensionHandler;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.signature.SignatureFactoriesManager;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * One log-in: what it may show, and what became of it. Every credential is shown once, by the first method that the server offers
 * for it, so that a wrong one counts as one failure. Methods are tried in the order of the credentials that they serve.
 */
final class Login {

    private static final String PUBLIC_KEY = "publickey";
    private static final List<String> UNANNOUNCED = List.of("ssh-rsa", "rsa-sha2-256", "rsa-sha2-512");
    private static final String PASSWORD = "password";
    private static final String KEYBOARD_INTERACTIVE = "keyboard-interactive";

    private final List<UserAuthFactory> methods = new ArrayList<>();
    private final Queue<KeyPair> keys = new ArrayDeque<>();
    private final Queue<String> passwords = new ArrayDeque<>();

    private final Set<String> tried = Collections.synchronizedSet(new LinkedHashSet<>());
    private volatile List<String> allowed = List.of();
    private volatile boolean failed;

    /**
     * Reads the credentials; an encrypted key takes its time.
     *
     * @throws io.sshpool.SshConfigException when a key cannot be read
     */
    Login(List<Credential> credentials) {
        Set<String> names = new LinkedHashSet<>();
        for (Credential credential : credentials) {
            if (credential instanceof Credential.PrivateKey key) {
                keys.addAll(PrivateKeys.load(key.text(), key.passphrase()));
                names.add(PUBLIC_KEY);
            } else if (credential instanceof Credential.Password password) {
                passwords.add(password.value());
                names.add(PASSWORD);
                names.add(KEYBOARD_INTERACTIVE);
            }
        }
        names.forEach(name -> methods.add(new Method(name, this)));
    }

    /** The methods that there are credentials for. */
    List<UserAuthFactory> methods() {
        return methods;
    }

    /** The methods by which something was shown to the server. */
    List<String> tried() {
        synchronized (tried) {
            return List.copyOf(tried);
        }
    }

    /** The methods that the server named at last. */
    List<String> allowed() {
        return allowed;
    }

    /** Whether the server has rejected something that was shown to it. */
    boolean hasFailed() {
        return failed;
    }

    /** The server wants more, or something else. */
    void continuesWith(List<String> methodsAllowed, boolean partialSuccess) {
        allowed = List.copyOf(methodsAllowed);
        failed |= !tried.isEmpty() && !partialSuccess;
    }

    private record Method(String getName, Login login) implements UserAuthFactory {

        @Override
        public UserAuth createUserAuth(ClientSession session) {
            return switch (getName) {
                case PUBLIC_KEY -> new ByKey(login);
                case PASSWORD -> new ByPassword(login);
                default -> new ByPrompt(login);
            };
        }
    }

    private static final class ByKey extends UserAuthPublicKey {
        private final Login login;

        private ByKey(Login login) {
            this.login = login;
        }

        // In place of MINA's, which would ask an agent and the keys of the client too.
        @Override
        protected Iterator<PublicKeyIdentity> createPublicKeyIterator(
                ClientSession session, SignatureFactoriesManager manager) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return !login.keys.isEmpty();
                }

                @Override
                public PublicKeyIdentity next() {
                    login.tried.add(PUBLIC_KEY);
                    KeyPair key = login.keys.remove();
                    algorithm(session, KeyUtils.getKeyType(key)).ifPresent(one -> setSignatureFactories(List.of(one)));
                    return new KeyPairIdentity(manager, session, key);
                }
            };
        }

        // Only one: MINA would show an RSA key anew for each, and every time counts as a failure.
        private static Optional<NamedFactory<Signature>> algorithm(ClientSession session, String keyType) {
            List<NamedFactory<Signature>> able = session.getSignatureFactories().stream()
                    .filter(each -> KeyUtils.getCanonicalKeyType(each.getName()).equals(keyType))
                    .toList();
            Set<String> announced = session.getAttribute(DefaultClientKexExtensionHandler.SERVER_ALGORITHMS);
            Optional<NamedFactory<Signature>> common = announced == null
                    ? Optional.empty()
                    : able.stream()
                            .filter(each -> announced.contains(each.getName()))
                            .findFirst();
            return common.or(() -> able.stream().min(Comparator.comparingInt(each -> rank(each.getName()))));
        }

        // SHA-1 is among ours for legacy targets only, and a server that announces nothing is old.
        private static int rank(String algorithm) {
            int known = UNANNOUNCED.indexOf(algorithm);
            return known < 0 ? UNANNOUNCED.size() : known;
        }
    }

    private static final class ByPassword extends UserAuthPassword {
        private final Login login;

        private ByPassword(Login login) {
            this.login = login;
        }

        @Override
        protected String resolveAttemptedPassword(ClientSession session, String service) {
            String password = login.passwords.poll();
            if (password != null) {
                login.tried.add(PASSWORD);
            }
            return password;
        }
    }

    /** Keyboard-interactive (RFC 4256). Not MINA's, which logs the answers at TRACE. */
    private static final class ByPrompt extends AbstractUserAuth {
        private final Login login;
        private int unshown = Integer.MAX_VALUE;

        private ByPrompt(Login login) {
            super(KEYBOARD_INTERACTIVE);
            this.login = login;
        }

        @Override
        protected boolean sendAuthDataRequest(ClientSession session, String service) throws Exception {
            int left = login.passwords.size();
            if (left == 0 || left == unshown) {
                // the server never asked for the one before: it would not ask for this one
                return false;
            }
            unshown = left;
            Buffer request = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_REQUEST);
            request.putString(session.getUsername());
            request.putString(service);
            request.putString(getName());
            request.putString(""); // language
            request.putString(""); // submethods
            session.writePacket(request);
            return true;
        }

        /** Answers one question with a hidden answer, and nothing that looks like a second factor or a dialogue. */
        @Override
        protected boolean processAuthDataRequest(ClientSession session, String service, Buffer buffer)
                throws Exception {
            if (buffer.getUByte() != SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST) {
                return false;
            }
            buffer.getString(); // name
            buffer.getString(); // instruction
            buffer.getString(); // language
            int prompts = buffer.getInt();
            if (prompts < 0 || prompts > 1) {
                return false;
            }
            Buffer answer = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE);
            answer.putUInt(prompts);
            if (prompts == 1) {
                buffer.getString(); // prompt
                if (buffer.getBoolean() || login.passwords.isEmpty()) {
                    return false;
                }
                login.tried.add(KEYBOARD_INTERACTIVE);
                answer.putString(login.passwords.remove());
            }
            session.writePacket(answer);
            return true;
        }
    }
}
