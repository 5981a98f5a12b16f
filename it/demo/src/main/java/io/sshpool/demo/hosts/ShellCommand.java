package io.sshpool.demo.hosts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sshpool.demo.shell.Personality;
import io.sshpool.demo.shell.Shell;
import io.sshpool.demo.shell.Sink;
import io.sshpool.demo.shell.Streams;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** One command of one client, run by the pretended shell on a thread of its host; ends with its channel or by a signal. */
final class ShellCommand implements Command {

    private static final int TERMINATED = 143;

    private final Personality host;
    private final long upMillis;
    private final String text;
    private final ExecutorService threads;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private Future<?> running;

    ShellCommand(Personality host, long upMillis, String text, ExecutorService threads) {
        this.host = host;
        this.upMillis = upMillis;
        this.text = text;
        this.threads = threads;
    }

    @Override
    public void setInputStream(InputStream in) {}

    @Override
    public void setOutputStream(OutputStream stream) {
        out = new BufferedOutputStream(stream);
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = new BufferedOutputStream(stream);
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        running = threads.submit(this::run);
        environment.addSignalListener((where, signal) -> running.cancel(true), Signal.TERM, Signal.INT, Signal.HUP);
    }

    @Override
    public void destroy(ChannelSession channel) {
        if (running != null) {
            running.cancel(true);
        }
    }

    private void run() {
        int code;
        try {
            code = new Shell(host, upMillis, new Streams(sink(out), sink(err), this::pause)).run(text);
            flush();
        } catch (InterruptedException ended) {
            code = TERMINATED;
        } catch (IOException clientIsGone) {
            return;
        }
        exit.onExit(code);
    }

    private static Sink sink(OutputStream stream) {
        return line -> stream.write((line + '\n').getBytes(UTF_8));
    }

    private void pause(long millis) throws IOException, InterruptedException {
        flush();
        Thread.sleep(millis);
    }

    private void flush() throws IOException {
        out.flush();
        err.flush();
    }
}
