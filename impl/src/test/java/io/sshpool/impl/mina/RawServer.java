package io.sshpool.impl.mina;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Something on loopback that accepts connections, says a few bytes, and is no SSH server. */
final class RawServer implements AutoCloseable {

    /** What it does with a connection after it has spoken. */
    enum Then {
        HOLD,
        CLOSE,
        RESET
    }

    private final ServerSocket socket;
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final Semaphore arrivals = new Semaphore(0);
    private final Semaphore departures = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);

    RawServer(String text, Then then) {
        this(text.getBytes(StandardCharsets.ISO_8859_1), 1, then);
    }

    /** Says something a number of times. */
    RawServer(byte[] bytes, int times, Then then) {
        try {
            socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    accepted.add(connection);
                    arrivals.release();
                    start(() -> serve(connection, bytes, times, then));
                }
            } catch (IOException e) {
                ended.countDown();
            }
        });
    }

    private void serve(Socket connection, byte[] bytes, int times, Then then) {
        try (connection) {
            OutputStream out = connection.getOutputStream();
            for (int i = 0; i < times; i++) {
                out.write(bytes);
            }
            out.flush();
            if (then == Then.RESET) {
                connection.setSoLinger(true, 0);
                return;
            }
            if (then == Then.CLOSE) {
                connection.shutdownOutput();
            }
            while (connection.getInputStream().read() >= 0) {
                // Until the client goes.
            }
        } catch (IOException e) {
            // The client went.
        } finally {
            departures.release();
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Waits for so many connections to have been opened. */
    void awaitArrivals(int count) {
        await(arrivals, count, "connections");
    }

    /** Waits for the clients to have closed so many of their connections. */
    void awaitDepartures(int count) {
        await(departures, count, "ends of connections");
    }

    /**
     * Waits for the client to have closed every connection that it has opened until now: they are accepted in their order, so after
     * one more there are no others.
     */
    void awaitNobody() {
        try (Socket last = new Socket(InetAddress.getLoopbackAddress(), port())) {
            int mine = last.getLocalPort();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (accepted.stream().noneMatch(each -> each.getPort() == mine)) {
                if (!arrivals.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("not accepted");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        awaitDepartures(accepted.size());
    }

    private static void await(Semaphore semaphore, int count, String what) {
        try {
            if (!semaphore.tryAcquire(count, 10, TimeUnit.SECONDS)) {
                throw new AssertionError("only " + semaphore.availablePermits() + " of " + count + " " + what);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : accepted) {
                connection.close();
            }
            ended.await(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
