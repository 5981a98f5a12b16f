package io.sshpool.impl.mina;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy in front of a server, that spoils what it carries. Of what the server says, {@link #stopAfter} lets so many bytes
 * pass; then it {@link Fault stalls, resets, ends or garbles}.
 */
final class FaultProxy implements AutoCloseable {

    /** What happens at the chosen byte. */
    enum Fault {
        /** Nothing passes any more, in either direction, and nothing is closed. */
        STALL,
        /** Both sides get a reset. */
        RESET,
        /** Both sides get an orderly end. */
        END,
        /** One bit is flipped, the rest passes. */
        FLIP
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Fault fault = Fault.STALL;

    FaultProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Lets so many more bytes of the server pass. */
    void stopAfter(long bytes, Fault with) {
        fault = with;
        left.set(bytes);
    }

    /** Ends or resets all connections now, also an idle one; what is done to bytes, at this one of those to come. */
    void strike(Fault with, long bytes) {
        stopAfter(bytes, with);
        if (with == Fault.RESET || with == Fault.END) {
            sockets.forEach(socket -> end(socket, with));
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                start(() -> carry(server, client, true));
                start(() -> carry(client, server, false));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void carry(Socket from, Socket to, boolean counted) {
        byte[] chunk = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                long room = counted ? left.getAndAdd(-n) : left.get();
                if (room < n && (counted || room <= 0)) {
                    spoil(from, to, chunk, (int) Math.max(0, room), n, counted);
                } else {
                    out.write(chunk, 0, n);
                }
            }
        } catch (IOException e) {
            // One side is gone.
        }
        close(from);
        close(to);
    }

    private void spoil(Socket from, Socket to, byte[] chunk, int room, int n, boolean counted) throws IOException {
        OutputStream out = to.getOutputStream();
        if (fault == Fault.FLIP) {
            if (counted) {
                chunk[room] ^= 1;
                left.set(Long.MAX_VALUE);
            }
            out.write(chunk, 0, n);
            return;
        }
        if (counted) {
            out.write(chunk, 0, room);
        }
        if (fault == Fault.STALL) {
            await();
        }
        end(from, fault);
        end(to, fault);
    }

    private void await() throws IOException {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void end(Socket socket, Fault with) {
        try {
            if (with == Fault.RESET) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // Closed already.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        released.countDown();
        sockets.forEach(FaultProxy::close);
    }
}
