package io.sshpool.impl.mina;

import io.sshpool.Command;
import io.sshpool.Sudo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a command looks like on the wire: the text for the login shell, and what goes to its standard input ahead of the command's
 * own.
 *
 * <p>A command with neither environment, directory nor sudo is sent as it is, whatever the login shell. Otherwise a prelude in POSIX
 * shell stands before it. The environment is one line of assignments on standard input: {@code read} takes exactly one line,
 * byte by byte, and leaves the rest to the command.
 *
 * @param text for the login shell
 * @param ahead bytes of standard input, possibly none
 */
record CommandLine(String text, byte[] ahead) {

    private static final String LINE = "sshpool_environment";
    private static final String NEW_LINE = "sshpool_newline";

    // A newline in a value would end the line; the shell puts it in from a variable.
    private static final String READ_ENVIRONMENT = NEW_LINE + "='\n'\n"
            + "IFS= read -r " + LINE + " || { echo 'sshpool: no environment on standard input' >&2; exit 126; }\n"
            + "eval \"$" + LINE + "\" || { echo 'sshpool: the environment cannot be set' >&2; exit 126; }\n"
            + "unset " + LINE + " " + NEW_LINE + "\n";

    private static final byte[] NOTHING = {};

    static CommandLine of(Command command) {
        CommandLine line = plain(command);
        return command.runAs().map(sudo -> line.as(sudo, command)).orElse(line);
    }

    private static CommandLine plain(Command command) {
        StringBuilder text = new StringBuilder();
        byte[] ahead = NOTHING;
        if (!command.environment().isEmpty()) {
            text.append(READ_ENVIRONMENT);
            ahead = line(assignments(command.environment()));
        }
        command.workingDirectory().ifPresent(directory -> text.append(changeTo(directory)));
        text.append(command.text());
        // An empty request is refused by some servers, while an empty command is a command that succeeds.
        return new CommandLine(text.isEmpty() ? ":" : text.toString(), ahead);
    }

    private CommandLine as(Sudo sudo, Command command) {
        boolean direct = command.isProgram() && text.equals(command.text());
        String program = direct ? text : "sh -c " + Command.quote(text);
        String words = "-H -u " + Command.quote(sudo.user()) + " -- " + program;
        return sudo.password()
                .map(password -> withPassword(password, words))
                .orElseGet(() -> new CommandLine("sudo -n " + words, ahead));
    }

    private CommandLine withPassword(String password, String words) {
        byte[] secret = line(assignment(SudoPassword.VARIABLE, password));
        byte[] both = Arrays.copyOf(secret, secret.length + ahead.length);
        System.arraycopy(ahead, 0, both, secret.length, ahead.length);
        return new CommandLine(SudoPassword.GUARD + READ_ENVIRONMENT + SudoPassword.sudo(words), both);
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    // Absolute, or with a dot in front: so it is no option and not "-", and CDPATH is not searched (POSIX, cd).
    private static String changeTo(String directory) {
        String path = directory.startsWith("/") ? directory : "./" + directory;
        return "cd " + Command.quote(path) + " || exit\n";
    }

    private static String assignments(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(entry -> "export " + entry.getKey() + " && " + assignment(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(" && "));
    }

    private static String assignment(String name, String value) {
        if (value.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'))) {
            return name + "='" + value.replace("'", "'\\''").replace("\n", "'\"$" + NEW_LINE + "\"'") + "'";
        }
        // The dot keeps newlines at the end, which a command substitution takes off.
        return name + "=\"$(printf '%b.' '" + octal(value) + "')\" && " + name + "=\"${" + name + "%.}\"";
    }

    // Some shells mistake bytes outside of ASCII for their own marks when they read or evaluate them.
    private static String octal(String value) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            escaped.append(String.format("\\0%03o", b & 0xff));
        }
        return escaped.toString();
    }
}
