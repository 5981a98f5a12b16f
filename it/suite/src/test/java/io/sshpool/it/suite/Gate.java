package io.sshpool.it.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between the application and an SSH server, as a host that can go down, or freeze: then it accepts connections, as a kernel
 * does for a stopped process, and nothing passes any more.
 */
final class Gate implements AutoCloseable {

    private final int serverPort;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> passing = CompletableFuture.completedFuture(null);
    private volatile ServerSocket listener;

    Gate(int serverPort) {
        this.serverPort = serverPort;
        listener = listen(0);
        port = listener.getLocalPort();
        begin(() -> acceptFrom(listener));
    }

    int port() {
        return port;
    }

    /** Connections break, and no new ones are accepted. */
    void shut() {
        closeQuietly(listener);
        sockets.forEach(Gate::closeQuietly);
        sockets.clear();
    }

    /** Undoes {@link #shut()}. */
    void open() {
        ServerSocket anew = listen(port);
        listener = anew;
        begin(() -> acceptFrom(anew));
    }

    /** Nothing passes until {@link #thaw()}. */
    void freeze() {
        passing = new CompletableFuture<>();
    }

    void thaw() {
        passing.complete(null);
    }

    @Override
    public void close() {
        shut();
        thaw();
    }

    private void acceptFrom(ServerSocket from) throws IOException {
        while (true) {
            Socket client = from.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.addAll(List.of(client, server));
            begin(() -> carry(client, server));
            begin(() -> carry(server, client));
        }
    }

    private void carry(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[8192];
            for (int length = in.read(some); length >= 0; length = in.read(some)) {
                passing.join();
                out.write(some, 0, length);
            }
        }
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A task that ends with its sockets. */
    private interface Task {
        void run() throws IOException;
    }

    private static void begin(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException closed) {
                // the end of every connection
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception closed) {
            // it is gone
        }
    }
}
