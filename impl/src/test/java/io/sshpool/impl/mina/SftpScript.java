package io.sshpool.impl.mina;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** An SFTP server as far as a test needs one: it gets one packet after the other, on a thread of its own. */
abstract class SftpScript implements Command {

    DataOutputStream out;

    private DataInputStream in;
    private ExitCallback exit;

    /** Answers a packet, or does not. */
    abstract void answer(byte[] packet) throws IOException, InterruptedException;

    /** The next text in a packet. */
    static String text(ByteBuffer packet) {
        byte[] bytes = new byte[packet.getInt()];
        packet.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public final void setInputStream(InputStream stream) {
        in = new DataInputStream(stream);
    }

    @Override
    public final void setOutputStream(OutputStream stream) {
        out = new DataOutputStream(stream);
    }

    @Override
    public final void setErrorStream(OutputStream stream) {}

    @Override
    public final void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public final void start(ChannelSession channel, Environment environment) {
        Thread thread = new Thread(this::serve, "sftp-script");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public final void destroy(ChannelSession channel) {}

    private void serve() {
        try {
            while (true) {
                answer(in.readNBytes(in.readInt()));
            }
        } catch (EOFException e) {
            exit.onExit(0);
        } catch (IOException | InterruptedException e) {
            exit.onExit(1);
        }
    }
}
