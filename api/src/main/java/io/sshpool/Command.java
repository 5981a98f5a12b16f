package io.sshpool;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to run on a target. Immutable: each option returns a copy. {@code toString} shows neither text nor values.
 *
 * <p>An SSH server hands the text of a command to the user's login shell. {@link #shell} passes text through as it is;
 * {@link #of} quotes every argument for a POSIX shell, so that no argument is ever interpreted.
 */
public final class Command {

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+:,./-]+");

    /** Reserved words (POSIX XCU 2.4, and those of bash and ksh), which would not name a program. */
    private static final Pattern RESERVED = Pattern.compile(
            "case|coproc|do|done|elif|else|esac|fi|for|function|if|in|namespace|select|then|time|until|while");

    private final String text;
    private final Map<String, String> environment;
    private final String workingDirectory;
    private final InputStream stream;
    private final byte[] bytes;
    private final Duration timeout;
    private final Long maxOutput;
    private final Pty pty;

    private Command(Draft draft) {
        text = draft.text;
        environment = draft.environment;
        workingDirectory = draft.workingDirectory;
        stream = draft.stream;
        bytes = draft.bytes;
        timeout = draft.timeout;
        maxOutput = draft.maxOutput;
        pty = draft.pty;
        if (pty != null && !environment.isEmpty()) {
            // its values travel over standard input
            throw new IllegalArgumentException("a command in a terminal takes no environment, as the terminal would"
                    + " show it: set variables in the command's text");
        }
    }

    /**
     * Shell text, for the user's login shell to interpret.
     *
     * @param text for instance {@code tail -n 5 *.log | sort}
     * @return the command
     * @throws IllegalArgumentException when the text has a NUL character, which no shell would see
     */
    public static Command shell(String text) {
        Draft draft = new Draft();
        draft.text = withoutNul("command", text);
        return new Command(draft);
    }

    /**
     * A program and its arguments, each quoted for a POSIX shell (XCU 2.2.2, single quotes).
     *
     * @param program the program
     * @param arguments its arguments, passed on literally
     * @return the command
     * @throws IllegalArgumentException when one has a NUL character
     */
    public static Command of(String program, String... arguments) {
        return shell(Stream.concat(Stream.of(program), Stream.of(arguments))
                .map(Command::quote)
                .collect(Collectors.joining(" ")));
    }

    /**
     * Quotes one word for a POSIX shell.
     *
     * @param word any text without NUL
     * @return the word as shell text
     * @throws IllegalArgumentException when the word has a NUL character
     */
    public static String quote(String word) {
        boolean plain = PLAIN.matcher(withoutNul("argument", word)).matches();
        if (plain && !RESERVED.matcher(word).matches()) {
            return word;
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * Sets an environment variable of the command.
     *
     * <p>Values travel over standard input, ahead of the command's own, and are read by the login shell, which must be a POSIX shell.
     * So they arrive whatever the server's {@code AcceptEnv} says, and no process list shows them.
     *
     * @param name a shell identifier
     * @param value any text without NUL
     * @return a copy
     * @throws IllegalArgumentException when the name is no identifier or the value has a NUL character
     */
    public Command env(String name, String value) {
        if (!VARIABLE.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException(
                    "environment variable names are [A-Za-z_][A-Za-z0-9_]*, this is not one");
        }
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, withoutNul("environment value", value));
        Draft draft = new Draft(this);
        draft.environment = Collections.unmodifiableMap(more);
        return new Command(draft);
    }

    /**
     * Runs the command in a directory. When it cannot be entered, the command does not run: the result has {@code cd}'s error
     * text and exit code.
     *
     * @param directory a path on the remote side, relative to the user's home
     * @return a copy
     */
    public Command workingDirectory(String directory) {
        Draft draft = new Draft(this);
        draft.workingDirectory = withoutNul("working directory", directory);
        if (draft.workingDirectory.isEmpty()) {
            throw new IllegalArgumentException("the working directory is empty");
        }
        return new Command(draft);
    }

    /**
     * Gives the command standard input; without it, standard input is empty.
     *
     * @param input the bytes
     * @return a copy
     */
    public Command stdin(byte[] input) {
        Draft draft = new Draft(this);
        draft.bytes = input.clone();
        draft.stream = null;
        return new Command(draft);
    }

    /**
     * Gives the command standard input, as UTF-8.
     *
     * @param input the text
     * @return a copy
     */
    public Command stdin(String input) {
        return stdin(input.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Gives the command standard input from a stream. It is read to its end on a thread of its own, only as fast as the command
     * takes it, and not closed; the thread is interrupted when the command ends first. Such a command can run once.
     *
     * @param input the stream
     * @return a copy
     */
    public Command stdin(InputStream input) {
        Draft draft = new Draft(this);
        draft.stream = Objects.requireNonNull(input, "input");
        draft.bytes = null;
        return new Command(draft);
    }

    /**
     * Bounds the running time, from sending the command. Overrides {@code command-timeout} of target and pool.
     *
     * @param limit more than zero
     * @return a copy
     */
    public Command timeout(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("timeout must be more than zero");
        }
        Draft draft = new Draft(this);
        draft.timeout = limit;
        return new Command(draft);
    }

    /**
     * Bounds what {@code execute} keeps in memory of stdout and stderr together. Overrides {@code sshpool.max-output}.
     *
     * @param limit in bytes, at least 0
     * @return a copy
     */
    public Command maxOutput(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("maxOutput must not be negative");
        }
        Draft draft = new Draft(this);
        draft.maxOutput = limit;
        return new Command(draft);
    }

    /**
     * Runs the command in a terminal: what is sent is echoed, control characters such as {@code \u0003} work, and standard error
     * comes with standard output.
     *
     * @param term its kind, such as {@code xterm}
     * @param columns its width in characters
     * @param rows its height in characters
     * @return a copy
     * @throws IllegalArgumentException when a size is less than 1, or the command has environment variables
     */
    public Command pty(String term, int columns, int rows) {
        Draft draft = new Draft(this);
        draft.pty = new Pty(term, columns, rows);
        return new Command(draft);
    }

    /**
     * The shell text, without working directory and environment.
     *
     * @return the text
     */
    public String text() {
        return text;
    }

    /**
     * The environment.
     *
     * @return unmodifiable, in the order given
     */
    public Map<String, String> environment() {
        return environment;
    }

    /**
     * The working directory.
     *
     * @return empty for the user's home
     */
    public Optional<String> workingDirectory() {
        return Optional.ofNullable(workingDirectory);
    }

    /**
     * Standard input.
     *
     * @return empty when the command has none
     */
    public Optional<InputStream> stdin() {
        return bytes == null ? Optional.ofNullable(stream) : Optional.of(new ByteArrayInputStream(bytes));
    }

    /**
     * The bound on the running time.
     *
     * @return empty for that of target or pool
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * The bound on output, in bytes.
     *
     * @return empty for the pool's
     */
    public OptionalLong maxOutput() {
        return maxOutput == null ? OptionalLong.empty() : OptionalLong.of(maxOutput);
    }

    /**
     * The terminal.
     *
     * @return empty when the command runs in none
     */
    public Optional<Pty> pty() {
        return Optional.ofNullable(pty);
    }

    @Override
    public String toString() {
        return "Command[" + text.length() + " characters, environment=" + environment.keySet() + "]";
    }

    private static String withoutNul(String what, String text) {
        if (Objects.requireNonNull(text, what).indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in the " + what);
        }
        return text;
    }

    /** The fields of a copy in the making. */
    private static final class Draft {
        private String text;
        private Map<String, String> environment = Map.of();
        private String workingDirectory;
        private InputStream stream;
        private byte[] bytes;
        private Duration timeout;
        private Long maxOutput;
        private Pty pty;

        private Draft() {}

        private Draft(Command from) {
            text = from.text;
            environment = from.environment;
            workingDirectory = from.workingDirectory;
            stream = from.stream;
            bytes = from.bytes;
            timeout = from.timeout;
            maxOutput = from.maxOutput;
            pty = from.pty;
        }
    }
}
