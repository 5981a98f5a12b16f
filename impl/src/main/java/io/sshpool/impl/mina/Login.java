package io.sshpool.impl.mina;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Credential;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.sshd.client.auth.AbstractUserAuth;
import org.apache.sshd.client.auth.UserAuth;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.password.UserAuthPassword;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * One log-in: what it may show, and what became of it. Every credential is shown once, by the first method that the server offers
 * for it, so that a wrong one counts as one failure. Methods are tried in the order of the credentials that they serve.
 */
final class Login {

    private static final String PASSWORD = "password";
    private static final String KEYBOARD_INTERACTIVE = "keyboard-interactive";

    private final List<UserAuthFactory> methods = new ArrayList<>();
    private final Queue<Identity> identities = new ArrayDeque<>();
    private final Queue<String> passwords = new ArrayDeque<>();

    private final Set<String> tried = Collections.synchronizedSet(new LinkedHashSet<>());
    private volatile List<String> allowed = List.of();
    private volatile boolean failed;
    private volatile Throwable unsigned;
    private volatile Identity accepted;

    /**
     * Reads the credentials; an encrypted key takes its time, and an agent may block until the deadline.
     *
     * @throws SshConfigException when a key cannot be read, an agent not be asked, or a certificate does not hold
     */
    Login(List<Credential> credentials, Identities made) {
        Set<String> names = new LinkedHashSet<>();
        for (Credential credential : credentials) {
            if (credential instanceof Credential.PrivateKey key) {
                add(made.of(key));
                names.add(PublicKeyMethod.NAME);
            } else if (credential instanceof Credential.Agent agent) {
                add(made.of(agent));
                names.add(PublicKeyMethod.NAME);
            } else if (credential instanceof Credential.Password password) {
                passwords.add(password.value());
                names.add(PASSWORD);
                names.add(KEYBOARD_INTERACTIVE);
            }
        }
        if (identities.isEmpty() && passwords.isEmpty()) {
            throw new SshConfigException(
                    "there is nothing to log in with: the agent holds no key that can be used; ssh-add adds one");
        }
        names.forEach(name -> methods.add(new Method(name, this)));
    }

    /** A key that several credentials have is shown once. */
    private void add(List<Identity> more) {
        for (Identity identity : more) {
            if (identities.stream().noneMatch(known -> known.shown().isSameAs(identity.shown()))) {
                identities.add(identity);
            }
        }
    }

    /** What to show next by public key; empty when everything was. */
    Optional<Identity> nextIdentity() {
        return Optional.ofNullable(identities.poll());
    }

    /** Something is about to be shown. */
    void showing(String method) {
        tried.add(method);
    }

    /** The server took a key. */
    void accepted(Identity identity) {
        accepted = identity;
    }

    /** The key that the server took. */
    Optional<Identity> accepted() {
        return Optional.ofNullable(accepted);
    }

    /** The server would take a key, but nobody signed. */
    void unsigned(Throwable reason) {
        unsigned = reason;
    }

    /** Why nobody signed for a key that the server would have taken. */
    Optional<Throwable> unsigned() {
        return Optional.ofNullable(unsigned);
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
                case PublicKeyMethod.NAME -> new PublicKeyMethod(login);
                case PASSWORD -> new ByPassword(login);
                default -> new ByPrompt(login);
            };
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
