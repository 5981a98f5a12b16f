package io.sshpool.impl.mina;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** A command of the {@link EmbeddedServer}: a process group of {@code sh}, which the end of its channel kills. */
final class ServedCommand implements Command {

    private static final int SIGNALLED = 128;
    private static final Map<Integer, String> SIGNALS = Map.of(1, "HUP", 6, "ABRT", 9, "KILL", 11, "SEGV", 15, "TERM");

    private final String text;
    private final EmbeddedServer server;

    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private volatile Process process;

    private ServedCommand(String text, EmbeddedServer server) {
        this.text = text;
        this.server = server;
    }

    static Command of(ChannelSession channel, String text, EmbeddedServer server) {
        if (text.equals("refuse me")) {
            throw new IllegalArgumentException("refused");
        }
        if (text.equals("never read")) {
            channel.setDataReceiver(new Blind());
        }
        return new ServedCommand(text, server);
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        if (text.equals("vanish")) {
            channel.close(false);
            return;
        }
        if (text.equals("status and die")) {
            dieAfterStatus(channel);
            return;
        }
        if (text.equals("status first")) {
            thread(() -> speakAfterStatus(channel));
            return;
        }
        String shell = System.getProperty("sshpool.test.shell", "sh");
        process = new ProcessBuilder("setsid", shell, "-c", text.equals("never read") ? "sleep 0.7" : text).start();
        server.countCommand(1);
        environment.addSignalListener((from, signal) -> signal(signal), Signal.TERM, Signal.KILL);
        Thread stdout = copy(process.getInputStream(), out);
        Thread stderr = copy(process.getErrorStream(), err);
        if (!text.equals("never read")) {
            copy(in, process.getOutputStream());
        }
        thread(() -> awaitEnd(channel, stdout, stderr));
    }

    private void awaitEnd(ChannelSession channel, Thread stdout, Thread stderr) {
        try {
            int code = process.waitFor();
            stdout.join(TimeUnit.SECONDS.toMillis(1) / 4);
            if (stdout.isAlive() && code <= SIGNALLED) {
                endWithChild(channel, code, stdout, stderr);
                return;
            }
            stdout.join(TimeUnit.SECONDS.toMillis(5));
            stderr.join(TimeUnit.SECONDS.toMillis(5));
            server.countCommand(-1);
            if (code > SIGNALLED && SIGNALS.containsKey(code - SIGNALLED)) {
                sendSignal(channel, SIGNALS.get(code - SIGNALLED));
                channel.close(false);
            } else {
                exit.onExit(code);
            }
        } catch (IOException e) {
            channel.close(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As sshd does: the status at once, the end when nobody holds the output any more. */
    private void endWithChild(ChannelSession channel, int code, Thread stdout, Thread stderr)
            throws IOException, InterruptedException {
        sendStatus(channel, code);
        stdout.join(TimeUnit.SECONDS.toMillis(5));
        stderr.join(TimeUnit.SECONDS.toMillis(5));
        server.countCommand(-1);
        channel.close(false);
    }

    private void speakAfterStatus(ChannelSession channel) {
        try (OutputStream stdout = out) {
            sendStatus(channel, 5);
            stdout.write("late\n".getBytes(StandardCharsets.US_ASCII));
            stdout.flush();
        } catch (IOException e) {
            channel.close(true);
        }
        channel.close(false);
    }

    private static void dieAfterStatus(ChannelSession channel) throws IOException {
        sendStatus(channel, 0).addListener(written -> channel.getSession().close(true));
    }

    private static IoWriteFuture sendStatus(ChannelSession channel, int code) throws IOException {
        Buffer status = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, 64);
        status.putUInt(channel.getRecipient());
        status.putString("exit-status");
        status.putBoolean(false);
        status.putInt(code);
        return channel.writePacket(status);
    }

    // MINA's server has no call for it (RFC 4254, 6.10).
    private static void sendSignal(ChannelSession channel, String name) throws IOException {
        Buffer request = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, 64);
        request.putUInt(channel.getRecipient());
        request.putString("exit-signal");
        request.putBoolean(false);
        request.putString(name);
        request.putBoolean(false);
        request.putString("");
        request.putString("");
        channel.writePacket(request);
    }

    @Override
    public void destroy(ChannelSession channel) {
        kill();
    }

    private void signal(Signal signal) {
        server.countSignal(signal.name());
        signalGroup(signal.name());
    }

    private void kill() {
        if (process != null) {
            signalGroup("KILL");
        }
    }

    // As sshd does: to all that the command has started, or is just about to.
    private void signalGroup(String name) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " -" + process.pid() + " 2>/dev/null")
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread copy(InputStream from, OutputStream to) {
        return thread(() -> {
            try (to) {
                byte[] chunk = new byte[8192];
                for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                    to.write(chunk, 0, n);
                    to.flush();
                }
            } catch (IOException e) {
                // One of the two is gone, as it is for sshd then.
            }
        });
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "served-command");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    /** Takes nothing, so that the client's window is never opened again. */
    private static final class Blind implements ChannelDataReceiver {
        @Override
        public int data(ChannelSession channel, byte[] bytes, int start, int length) {
            return 0;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
