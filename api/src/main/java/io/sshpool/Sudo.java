package io.sshpool;

import java.util.Objects;
import java.util.Optional;

/**
 * As whom {@code sudo} runs a command, and the login user's password, if sudo wants one. Immutable; {@code toString} does not show the
 * password.
 */
public final class Sudo {

    private static final Sudo ROOT = new Sudo("root", null);

    private final String user;
    private final String password;

    private Sudo(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /**
     * As root, without a password.
     *
     * @return the value
     */
    public static Sudo root() {
        return ROOT;
    }

    /**
     * As another user, without a password.
     *
     * @param user a name, or {@code #} and a number
     * @return the value
     * @throws IllegalArgumentException when the name is empty or has a NUL character
     */
    public static Sudo user(String user) {
        if (user.isEmpty() || user.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the user for sudo is empty or has a NUL character");
        }
        return new Sudo(user, null);
    }

    /**
     * With a password, which is used only when sudo asks for it. Without one, sudo that asks is an error.
     *
     * @param secret what sudo asks for, usually the login user's password
     * @return a copy
     * @throws IllegalArgumentException when it has a NUL or a line end, which no terminal could give
     */
    public Sudo password(String secret) {
        if (Objects.requireNonNull(secret, "password").chars().anyMatch(c -> c == 0 || c == '\n' || c == '\r')) {
            throw new IllegalArgumentException("the password for sudo has a NUL character or a line end");
        }
        return new Sudo(user, secret);
    }

    /**
     * As whom.
     *
     * @return the name
     */
    public String user() {
        return user;
    }

    /**
     * The password.
     *
     * @return empty when sudo is not to ask
     */
    public Optional<String> password() {
        return Optional.ofNullable(password);
    }

    @Override
    public String toString() {
        return "Sudo[" + user + (password == null ? "]" : ", with a password]");
    }
}
