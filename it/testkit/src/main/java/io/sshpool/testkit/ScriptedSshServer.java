package io.sshpool.testkit;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An SSH server in the test's JVM, on a free port of 127.0.0.1, whose commands are scripted: an extension of JUnit Jupiter for a static
 * field with {@code @RegisterExtension}, or anything that is closed in the end.
 *
 * <p>It listens from the moment that it is made, and publishes its targets' settings as system properties, where MicroProfile Config finds them: so an
 * application that starts afterwards, in whatever container, reaches it by {@code @Pooled("name")}. Before each test the
 * record is empty; after each test the script is again what it was at the start, and faults are over. Closed after the class's last test, or, when
 * {@linkplain Builder#shared() shared}, after the last of all. Thread-safe.
 */
public final class ScriptedSshServer
        implements AutoCloseable, BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private final Map<String, Login> targets;
    private final boolean shared;
    private final Script initial;
    private final Listener listener;
    private final PublishedSettings published;
    private final List<ReceivedCommand> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger tests = new AtomicInteger();

    private volatile Script script;

    private ScriptedSshServer(Builder builder) {
        targets = new LinkedHashMap<>(builder.targets);
        shared = builder.shared;
        initial = builder.script;
        script = initial.copy();
        listener = Listener.start(List.copyOf(targets.values()), this::answer);
        try {
            published = PublishedSettings.publish(settings());
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /**
     * Starts a server for targets of the application, each with a user of its own and a key made for it.
     *
     * @param targets names, as in {@code @Pooled("name")}
     * @return the server, listening
     * @throws IllegalStateException when another server serves one of them
     */
    public static ScriptedSshServer serving(String... targets) {
        Builder builder = builder();
        for (String target : targets) {
            builder.target(target, target);
        }
        return builder.start();
    }

    /**
     * A server with more choice.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    // ---- the script

    /**
     * Scripts a command: success, with this output.
     *
     * @param command its whole text, as {@link ReceivedCommand#text()}
     * @param stdout its output
     * @return this
     */
    public ScriptedSshServer on(String command, String stdout) {
        return on(command, Reply.stdout(stdout));
    }

    /**
     * Scripts a command.
     *
     * @param command its whole text, as {@link ReceivedCommand#text()}
     * @param reply what it does
     * @return this
     */
    public ScriptedSshServer on(String command, Reply reply) {
        Objects.requireNonNull(reply, "reply");
        script.add(command::equals, received -> reply);
        return this;
    }

    /**
     * Scripts all commands whose whole text matches. Of several scripts for a command the last counts; a command without one exits with 127.
     *
     * @param commands a pattern of {@link ReceivedCommand#text()}
     * @param answer called on a thread of the command
     * @return this
     */
    public ScriptedSshServer on(Pattern commands, Function<ReceivedCommand, Reply> answer) {
        Objects.requireNonNull(answer, "answer");
        script.add(text -> commands.matcher(text).matches(), answer);
        return this;
    }

    private Reply answer(ReceivedCommand command) {
        received.add(command);
        return script.answer(command);
    }

    // ---- the record

    /**
     * The commands since the test began, in the order of their arrival.
     *
     * @return a copy
     */
    public List<ReceivedCommand> received() {
        return List.copyOf(received);
    }

    /**
     * The texts of {@link #received()}.
     *
     * @return a copy
     */
    public List<String> commands() {
        return received.stream().map(ReceivedCommand::text).toList();
    }

    /**
     * The connections that are open.
     *
     * @return how many
     */
    public int connections() {
        return listener.connections();
    }

    /**
     * The logins since the server was made.
     *
     * @return how many succeeded
     */
    public int logins() {
        return listener.logins();
    }

    // ---- faults, until they are undone or the test ends

    /** The host goes down: open connections break, and new ones are refused. */
    public void down() {
        listener.down();
    }

    /** The host comes up again, on the same port. A pool that has found it down backs off; {@code SshPool.evict} ends that at once. */
    public void up() {
        listener.up();
    }

    /** Breaks the open connections; new ones are welcome. */
    public void dropConnections() {
        listener.dropConnections();
    }

    /**
     * Rejects every credential from now on. Connections that have logged in live on. A pool does not try a rejected credential again before {@code
     * sshpool.auth-back-off}, even in the next test; {@code SshPool.evict} ends that at once.
     */
    public void rejectLogins() {
        listener.rejectLogins(true);
    }

    // ---- where it is

    /**
     * What SFTP shows as {@code /}: a temporary directory, deleted when the server closes.
     *
     * @return its path on this machine
     */
    public Path files() {
        return listener.files();
    }

    /**
     * The port on 127.0.0.1.
     *
     * @return the number, the same for the server's whole life
     */
    public int port() {
        return listener.port();
    }

    /**
     * The settings of all targets, {@code sshpool.target.<name>.…}, as they are published. An empty one, and {@code none}, takes away what the
     * application is configured with: its files and its jump host need not be there.
     *
     * @return a new map
     */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        targets.forEach((name, login) -> {
            String prefix = "sshpool.target." + name + ".";
            settings.put(prefix + "host", "127.0.0.1");
            settings.put(prefix + "port", String.valueOf(port()));
            settings.put(prefix + "user", login.user());
            settings.put(prefix + "proxy-jump", "none");
            settings.put(prefix + "host-key-fingerprint", listener.fingerprint());
            settings.put(prefix + "host-key-checking", "strict");
            settings.put(prefix + "known-hosts", "");
            settings.put(prefix + "password", login.password().orElse(""));
            settings.put(prefix + "private-key", login.password().isPresent() ? "" : login.privateKey());
            settings.put(prefix + "private-key-passphrase", "");
            settings.put(prefix + "certificate", "");
            settings.put(prefix + "agent", "false");
        });
        return settings;
    }

    // ---- its life

    @Override
    public void beforeAll(ExtensionContext context) {
        if (shared) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(ScriptedSshServer.class))
                    .put(this, this);
        }
    }

    // Tests may run at the same time: what they share is fresh for the first and cleaned up after the last.
    @Override
    public void beforeEach(ExtensionContext context) {
        if (tests.getAndIncrement() == 0) {
            received.clear();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (tests.decrementAndGet() == 0) {
            script = initial.copy();
            listener.rejectLogins(false);
            listener.up();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!shared) {
            close();
        }
    }

    /** Stops it: settings are withdrawn, connections broken, files deleted. Closing again does nothing. */
    @Override
    public void close() {
        published.withdraw();
        listener.close();
    }

    /** Makes a server. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Login> targets = new LinkedHashMap<>();
        private final Script script = new Script();
        private boolean shared;

        private Builder() {}

        /**
         * A target whose user logs in with a key made for it.
         *
         * @param name as in {@code @Pooled("name")}
         * @param user who logs in
         * @return this
         */
        public Builder target(String name, String user) {
            targets.put(name, Login.withKey(user));
            return this;
        }

        /**
         * A target whose user logs in with a password.
         *
         * @param name as in {@code @Pooled("name")}
         * @param user who logs in
         * @param password the password
         * @return this
         */
        public Builder target(String name, String user, String password) {
            targets.put(name, Login.withPassword(user, password));
            return this;
        }

        /**
         * Scripts a command for all tests.
         *
         * @param command its whole text
         * @param reply what it does
         * @return this
         */
        public Builder on(String command, Reply reply) {
            script.add(command::equals, received -> reply);
            return this;
        }

        /**
         * Keeps the server until the last test of all, for classes that share it, or an application that outlives a class.
         *
         * @return this
         */
        public Builder shared() {
            shared = true;
            return this;
        }

        /**
         * Starts the server.
         *
         * @return it, listening
         * @throws IllegalStateException when another server serves one of the targets
         */
        public ScriptedSshServer start() {
            if (targets.isEmpty()) {
                throw new IllegalStateException("a scripted server needs a target: target(name, user)");
            }
            return new ScriptedSshServer(this);
        }
    }
}
