package io.sshpool.impl.mina;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.AsynchronousSocketChannel;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.nio2.Nio2Session;

/**
 * TCP_QUICKACK (tcp(7)): the kernel acknowledges at once, where it would wait 40 ms for something to send along. Worth most of the
 * time of a connect. Linux takes it back by itself, so it is set again at every turn of a handshake.
 */
final class QuickAck {

    private QuickAck() {}

    static void set(IoSession session) {
        if (session instanceof Nio2Session nio) {
            AsynchronousSocketChannel socket = nio.getSocket();
            try {
                for (SocketOption<?> option : socket.supportedOptions()) {
                    if (option.name().equals("TCP_QUICKACK") && option.type() == Boolean.class) {
                        set(socket, option);
                    }
                }
            } catch (IOException | UnsupportedOperationException ignored) {
                // Only slower; that the socket is closed shows elsewhere.
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void set(AsynchronousSocketChannel socket, SocketOption<?> option) throws IOException {
        socket.setOption((SocketOption<Boolean>) option, true);
    }
}
