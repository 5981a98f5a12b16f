package io.sshpool.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an exec request means, without the shell text that the pool puts around it.
 *
 * @param text what is left
 * @param environment from the line ahead of standard input
 */
record ShellText(String text, Map<String, String> environment, Optional<String> directory, Optional<String> sudoUser) {

    private static final String WORD = "([A-Za-z0-9_@%+:,./-]+|'(?:[^']|'\\\\'')*')";

    private static final Pattern READ_LINE = Pattern.compile(
            "\\Asshpool_newline='\n'\nIFS= read -r .*?\nunset sshpool_environment sshpool_newline\n", Pattern.DOTALL);
    private static final Pattern HAS_PRINTF =
            Pattern.compile("\\Acase \\$\\(command -v printf\\).*?\nesac\n", Pattern.DOTALL);
    private static final Pattern GIVE_PASSWORD = Pattern.compile(
            "\\Asshpool_dir=.*?\nSUDO_ASKPASS=\\S+ sudo -A -p \\S+ (.*) 9>&-\nsshpool_code=.*\\z", Pattern.DOTALL);
    private static final Pattern SUDO =
            Pattern.compile("\\A(?:sudo -n )?-H -u " + WORD + " -- (.*)\\z", Pattern.DOTALL);
    private static final Pattern INNER_SHELL = Pattern.compile("\\Ash -c " + WORD + "\\z");
    private static final Pattern DIRECTORY = Pattern.compile("\\Acd " + WORD + " \\|\\| exit\n");

    private static final Pattern PLAIN = Pattern.compile("(\\w+)='((?:[^']|'\\\\''|'\"\\$sshpool_newline\"')*)'");
    private static final Pattern OCTAL = Pattern.compile("(\\w+)=\"\\$\\(printf '%b\\.' '((?:\\\\0[0-7]{3})*)'\\)\"");

    static ShellText of(String request, InputStream stdin) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        String text = readLine(HAS_PRINTF.matcher(request).replaceFirst(""), stdin, environment);
        Matcher password = GIVE_PASSWORD.matcher(text);
        if (password.find()) {
            environment.clear();
            text = password.group(1);
        }
        Optional<String> user = Optional.empty();
        Matcher sudo = SUDO.matcher(text);
        if (sudo.find()) {
            user = Optional.of(unquoted(sudo.group(1)));
            Matcher shell = INNER_SHELL.matcher(sudo.group(2));
            text = shell.find() ? readLine(unquoted(shell.group(1)), stdin, environment) : sudo.group(2);
        }
        Matcher directory = DIRECTORY.matcher(text);
        boolean changes = directory.find();
        return new ShellText(
                changes ? text.substring(directory.end()) : text,
                Map.copyOf(environment),
                changes ? Optional.of(withoutDot(unquoted(directory.group(1)))) : Optional.empty(),
                user);
    }

    private static String readLine(String text, InputStream stdin, Map<String, String> environment) throws IOException {
        Matcher reads = READ_LINE.matcher(text);
        if (!reads.find()) {
            return text;
        }
        String line = line(stdin);
        Matcher plain = PLAIN.matcher(line);
        Matcher octal = OCTAL.matcher(line);
        for (String step = line; !step.isEmpty(); ) {
            int at = line.length() - step.length();
            int end = at;
            if (plain.region(at, line.length()).lookingAt()) {
                environment.put(plain.group(1), spelled(plain.group(2)));
                end = plain.end();
            } else if (octal.region(at, line.length()).lookingAt()) {
                environment.put(octal.group(1), bytes(octal.group(2)));
                end = octal.end();
            }
            int next = line.indexOf(" && ", end);
            step = next < 0 ? "" : line.substring(next + " && ".length());
        }
        return text.substring(reads.end());
    }

    private static String line(InputStream stdin) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = stdin.read(); b >= 0 && b != '\n'; b = stdin.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static String spelled(String value) {
        return value.replace("'\"$sshpool_newline\"'", "\n").replace("'\\''", "'");
    }

    private static String bytes(String octal) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (int i = 0; i < octal.length(); i += 5) {
            value.write(Integer.parseInt(octal.substring(i + 1, i + 5), 8));
        }
        return value.toString(StandardCharsets.UTF_8);
    }

    private static String unquoted(String word) {
        return word.startsWith("'") ? word.substring(1, word.length() - 1).replace("'\\''", "'") : word;
    }

    private static String withoutDot(String directory) {
        return directory.startsWith("./") ? directory.substring(2) : directory;
    }
}
