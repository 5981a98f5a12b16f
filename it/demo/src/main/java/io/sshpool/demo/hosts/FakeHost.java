package io.sshpool.demo.hosts;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.sshpool.demo.shell.Personality;
import java.io.IOException;
import java.security.KeyPair;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/**
 * One host: an SSH server on a loopback port that runs the pretended shell. It can be stopped and started again, and then has the
 * same port and the same key.
 */
public final class FakeHost {

    private static final String LOOPBACK = "127.0.0.1";

    private final Personality personality;
    private final KeyPair hostKey;
    private final Login login;
    private SshServer server;
    private ExecutorService threads;
    private int port;

    FakeHost(Personality personality, KeyPair hostKey, Login login) {
        this.personality = personality;
        this.hostKey = hostKey;
        this.login = login;
    }

    /**
     * Its name, which is the alias of its target too.
     *
     * @return the name
     */
    public String name() {
        return personality.name();
    }

    /**
     * What it is like.
     *
     * @return the personality
     */
    public Personality personality() {
        return personality;
    }

    /**
     * The port of its server, also while that is stopped.
     *
     * @return the port on the loopback interface
     */
    public synchronized int port() {
        return port;
    }

    /**
     * Whether its server runs.
     *
     * @return true if clients can connect
     */
    public synchronized boolean isRunning() {
        return server != null;
    }

    /**
     * Starts the server; does nothing if it runs.
     *
     * @throws IOException when the port is taken
     */
    public synchronized void start() throws IOException {
        if (server != null) {
            return;
        }
        ExecutorService executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake-" + name());
            thread.setDaemon(true);
            return thread;
        });
        SshServer starting = configured(executor);
        try {
            starting.start();
        } catch (IOException | RuntimeException failed) {
            executor.shutdownNow();
            starting.close(true);
            throw failed;
        }
        server = starting;
        threads = executor;
        port = starting.getPort();
    }

    /**
     * Stops the server as a power cut would: connections break, commands end. Does nothing if it does not run.
     *
     * @throws IOException when the server could not be stopped
     */
    public synchronized void stop() throws IOException {
        if (server == null) {
            return;
        }
        SshServer stopping = server;
        server = null;
        threads.shutdownNow();
        stopping.stop(true);
    }

    /** The host's line in {@code known_hosts}. */
    synchronized String knownHostsLine() {
        return "[" + LOOPBACK + "]:" + port + " " + PublicKeyEntry.toString(hostKey.getPublic());
    }

    private SshServer configured(ExecutorService executor) {
        SshServer made = SshServer.setUpDefaultServer();
        made.setHost(LOOPBACK);
        made.setPort(port);
        made.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        made.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        made.setSubsystemFactories(List.of());
        CoreModuleProperties.TCP_NODELAY.set(made, true);
        login.guard(made);
        long started = System.nanoTime();
        made.setCommandFactory((channel, text) ->
                new ShellCommand(personality, NANOSECONDS.toMillis(System.nanoTime() - started), text, executor));
        return made;
    }
}
