package io.sshpool.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A command as the application meant it: what the pool puts before the text, to deliver environment, directory and sudo, is taken off again.
 * Thread-safe.
 */
public final class ReceivedCommand {

    private final String login;
    private final ShellText parsed;
    private final InputStream input;

    private byte[] stdin;

    ReceivedCommand(String login, ShellText parsed, InputStream input) {
        this.login = login;
        this.parsed = parsed;
        this.input = input;
    }

    /**
     * Who has logged in.
     *
     * @return the user's name
     */
    public String login() {
        return login;
    }

    /**
     * The text: of {@code Command.of("rm", "a b")}, {@code rm 'a b'}.
     *
     * @return shell text
     */
    public String text() {
        return parsed.text();
    }

    /**
     * The variables of {@code Command.env}.
     *
     * @return unmodifiable
     */
    public Map<String, String> environment() {
        return parsed.environment();
    }

    /**
     * The directory of {@code Command.workingDirectory}.
     *
     * @return empty for the home
     */
    public Optional<String> workingDirectory() {
        return parsed.directory();
    }

    /**
     * As whom {@code Command.sudo} runs it. The server asks for no password.
     *
     * @return empty without sudo
     */
    public Optional<String> sudoUser() {
        return parsed.sudoUser();
    }

    /**
     * Standard input, read to its end: blocks until the client has sent all of it. A script that never asks leaves it unread, and it
     * cannot be had once the command has ended.
     *
     * @return the text, from UTF-8
     * @throws UncheckedIOException when it ended before its time, or was not read while the command ran
     */
    public synchronized String stdin() {
        if (stdin == null) {
            try {
                stdin = input.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new String(stdin, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return login + ": " + text();
    }
}
