package io.sshpool;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
    private final Form form;
    private final Sudo sudo;

    /** Where the text comes from, on which depends what may be done with it. */
    private enum Form {
        SHELL,
        PROGRAM,
        SCRIPT
    }

    private Command(Draft draft) {
        form = draft.form;
        sudo = draft.sudo;
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
        if (pty != null && sudo != null && sudo.password().isPresent()) {
            throw new IllegalArgumentException(
                    "a command in a terminal takes no password for sudo, as the terminal would show it");
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
        return quoted(Form.PROGRAM, Stream.concat(Stream.of(program), Stream.of(arguments)));
    }

    /**
     * A script for {@code sh}, which reads it from standard input, so that neither its size nor its quoting matters. What the script
     * runs shares that input: a program in it that reads its standard input would read the script, unless told {@code </dev/null}.
     *
     * @param script the text; it has the arguments as {@code $1}, {@code $2} and so on
     * @param arguments passed on literally
     * @return the command; it takes no other standard input
     * @throws IllegalArgumentException when the script or an argument has a NUL character
     */
    public static Command script(String script, String... arguments) {
        return script(List.of("sh", "-s", "--"), script, arguments);
    }

    /**
     * A script for any interpreter that reads one from standard input.
     *
     * @param interpreter the interpreter, and what makes it read standard input and take arguments: {@code "bash", "-s", "--"}, or
     *     {@code "python3", "-"}
     * @param script the text
     * @param arguments passed on literally
     * @return the command; it takes no other standard input
     * @throws IllegalArgumentException when there is no interpreter, or something has a NUL character
     */
    public static Command script(List<String> interpreter, String script, String... arguments) {
        if (interpreter.isEmpty()) {
            throw new IllegalArgumentException("a script needs an interpreter");
        }
        Draft draft = new Draft(quoted(Form.SCRIPT, Stream.concat(interpreter.stream(), Stream.of(arguments))));
        draft.bytes = withoutNul("script", script).getBytes(StandardCharsets.UTF_8);
        return new Command(draft);
    }

    private static Command quoted(Form form, Stream<String> words) {
        Draft draft = new Draft();
        draft.form = form;
        draft.text = words.map(Command::quote).collect(Collectors.joining(" "));
        return new Command(draft);
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
     * So they arrive whatever the server's {@code AcceptEnv} says, and no process list shows them, unless the login shell has no {@code
     * printf} of its own, as mksh: there a value with characters beyond printable ASCII is an argument of a program for a moment.
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
     * Runs the command as root, by {@code sudo} without a password.
     *
     * @return a copy
     */
    public Command sudo() {
        return sudo(Sudo.root());
    }

    /**
     * Runs the command as another user, by {@code sudo}. A command from {@link #of} or {@link #script} is run by it directly, so that a
     * rule for that one program permits it; shell text, and any command with environment or directory, as {@code sh -c text}. The
     * environment is set and the directory entered by the other user; the path stays relative to the login user's home.
     *
     * <p>A password travels over standard input, ahead of the command's own. It is given to sudo only when sudo asks, and only once: a
     * wrong one is one failed attempt, and the command fails with {@link SudoException}. It is in no process list and no environment. The login
     * shell must be a POSIX shell with a {@code printf} of its own, and {@code /tmp} writable. Whatever else sudo refuses is its
     * exit code 1 and its text on standard error.
     *
     * <p>A login user may send no signals to what runs as root: a time-out ends the wait, not always the command.
     *
     * @param as the other user, and the password
     * @return a copy
     * @throws IllegalArgumentException when there is a password and the command runs in a terminal, which would show it
     */
    public Command sudo(Sudo as) {
        Draft draft = new Draft(this);
        draft.sudo = Objects.requireNonNull(as, "sudo");
        return new Command(draft);
    }

    /**
     * Gives the command standard input; without it, standard input is empty.
     *
     * @param input the bytes
     * @return a copy
     * @throws IllegalStateException when the command is a script, which is its standard input
     */
    public Command stdin(byte[] input) {
        Draft draft = forInput();
        draft.bytes = input.clone();
        draft.stream = null;
        return new Command(draft);
    }

    /**
     * Gives the command standard input, as UTF-8.
     *
     * @param input the text
     * @return a copy
     * @throws IllegalStateException when the command is a script, which is its standard input
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
     * @throws IllegalStateException when the command is a script, which is its standard input
     */
    public Command stdin(InputStream input) {
        Draft draft = forInput();
        draft.stream = Objects.requireNonNull(input, "input");
        draft.bytes = null;
        return new Command(draft);
    }

    private Draft forInput() {
        if (form == Form.SCRIPT) {
            throw new IllegalStateException("a script is its command's standard input; it takes no other");
        }
        return new Draft(this);
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
     * @throws IllegalArgumentException when a size is less than 1, or the command has environment variables or a password for sudo
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
     * Whether the text is one program with its arguments, as from {@link #of} and {@link #script}, and not any shell text.
     *
     * @return whether every word of the text is quoted
     */
    public boolean isProgram() {
        return form != Form.SHELL;
    }

    /**
     * Who the command runs as.
     *
     * @return empty for the login user
     */
    public Optional<Sudo> runAs() {
        return Optional.ofNullable(sudo);
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
     * Whether standard input comes from a stream, so that the command can run only once.
     *
     * @return false for bytes, for text, and for none
     */
    public boolean hasStream() {
        return stream != null;
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
        private Form form = Form.SHELL;
        private Sudo sudo;

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
            form = from.form;
            sudo = from.sudo;
        }
    }
}
