package io.sshpool.it.openssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A user of this machine, made for a test and removed by it: with a password, a home, and rules for sudo. */
record LoginUser(String name, String password) implements AutoCloseable {

    /** Makes the user; root's privilege. */
    static LoginUser make(String password) {
        LoginUser user = new LoginUser("sshpool" + ProcessHandle.current().pid(), password);
        Shell.run("useradd", "--create-home", "--shell", "/bin/sh", user.name);
        Shell.run("sh", "-c", "printf '%s:%s\\n' \"$1\" \"$2\" | chpasswd", "sh", user.name, password);
        return user;
    }

    Path home() {
        return Path.of("/home", name);
    }

    /** Replaces the rules, such as {@code ALL=(ALL) NOPASSWD: /usr/bin/id}. */
    void maySudo(String... rules) {
        StringBuilder lines = new StringBuilder();
        for (String rule : rules) {
            lines.append(rule.startsWith("Defaults") ? rule : name + " " + rule).append('\n');
        }
        try {
            Path draft = Files.createTempFile("sudoers", "");
            Files.writeString(draft, lines);
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("r--r-----"));
            Shell.run("mv", draft.toString(), rules().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets in whoever has this key. */
    void authorize(Path key) {
        try {
            Files.writeString(home().resolve("authorized_keys"), Keys.publicLine(key) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path rules() {
        return Path.of("/etc/sudoers.d", name);
    }

    @Override
    public void close() {
        Shell.run("rm", "-f", rules().toString(), "/var/lib/sudo/lectured/" + name);
        Shell.run("userdel", "--remove", "--force", name);
    }
}
