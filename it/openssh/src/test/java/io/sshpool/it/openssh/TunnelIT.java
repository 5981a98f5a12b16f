package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.sshpool.LeaseClosedException;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Tunnel;
import io.sshpool.TunnelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ports whose connections go through sshd. */
@ExtendWith(NothingLeft.class)
class TunnelIT {

    private static final int LARGE = 100 << 20;

    static {
        // read once, by the first connection: else the JDK keeps each for five seconds
        System.setProperty("http.keepAlive", "false");
    }

    private final ExecutorService workers = Executors.newFixedThreadPool(8);
    private HttpServer http;
    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeEach
    void open() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        http.createContext("/", exchange -> {
            byte[] path = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, path.length);
            exchange.getResponseBody().write(path);
            exchange.close();
        });
        http.createContext("/large", exchange -> {
            exchange.sendResponseHeaders(200, LARGE);
            writeLarge(exchange.getResponseBody());
            exchange.close();
        });
        http.setExecutor(workers);
        http.start();
        sshd = PrivateSshd.start();
        pool = open(sshd);
    }

    private static SshPool open(PrivateSshd server) {
        return Pools.open(server.target("build"), "sshpool.max-connections=1");
    }

    @AfterEach
    void close() {
        pool.close();
        sshd.close();
        http.stop(0);
        workers.shutdownNow();
    }

    private int httpPort() {
        return http.getAddress().getPort();
    }

    private static String get(int port, String path, Proxy proxy) throws IOException {
        try (InputStream answer = open(port, path, proxy)) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream open(int port, String path, Proxy proxy) throws IOException {
        URLConnection connection =
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection(proxy);
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(5000);
        return connection.getInputStream();
    }

    private static String get(int port, String path) throws IOException {
        return get(port, path, Proxy.NO_PROXY);
    }

    private static void writeLarge(OutputStream to) throws IOException {
        Random random = new Random(1);
        byte[] chunk = new byte[64 * 1024];
        for (int left = LARGE; left > 0; left -= chunk.length) {
            random.nextBytes(chunk);
            to.write(chunk);
        }
    }

    @Test
    void an_HTTP_client_reaches_a_server_behind_the_target() throws IOException {
        try (SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", httpPort())) {
            assertThat(tunnel.port()).isPositive().isNotEqualTo(httpPort());
            assertThat(tunnel.address().getAddress().isLoopbackAddress()).isTrue();
            assertThat(get(tunnel.port(), "/hello")).isEqualTo("/hello");
            assertThat(pool.stats().channelsInUse()).as("the lease's own").isEqualTo(1);
        }
    }

    @Test
    void an_HTTP_client_reaches_it_through_SOCKS() throws IOException {
        try (SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardDynamic(0)) {
            Proxy proxy = new Proxy(Proxy.Type.SOCKS, tunnel.address());
            assertThat(get(httpPort(), "/socks", proxy)).isEqualTo("/socks");
        }
    }

    @Test
    void the_target_reaches_a_server_here() throws IOException {
        try (SshLease lease = pool.acquire("build")) {
            Tunnel tunnel = lease.forwardRemote(0, "127.0.0.1", httpPort());
            assertThat(get(tunnel.port(), "/back")).isEqualTo("/back");
            tunnel.close();
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> get(tunnel.port(), "/back")).isInstanceOf(IOException.class));
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void a_hundred_mebibytes_arrive_as_they_were() throws Exception {
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        writeLarge(new DigestOutputStream(OutputStream.nullOutputStream(), expected));
        MessageDigest actual = MessageDigest.getInstance("SHA-256");
        long started = System.nanoTime();
        try (SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", httpPort());
                InputStream large = open(tunnel.port(), "/large", Proxy.NO_PROXY)) {
            large.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), actual));
        }
        System.out.println("100 MiB through a tunnel in " + (System.nanoTime() - started) / 1_000_000 + " ms");
        assertThat(HexFormat.of().formatHex(actual.digest()))
                .isEqualTo(HexFormat.of().formatHex(expected.digest()));
    }

    @Test
    void fifty_connections_at_once_beside_commands() {
        try (SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", httpPort())) {
            Crowd.succeed(50, caller -> () -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(get(tunnel.port(), "/" + caller + "/" + i)).isEqualTo("/" + caller + "/" + i);
                }
                return lease.execute("echo " + caller).orThrow();
            });
        }
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void a_far_end_that_refuses_closes_the_client_and_nothing_else() throws IOException {
        int nobody = FreePort.find();
        try (SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", nobody)) {
            for (int i = 0; i < 20; i++) {
                assertEndsAtOnce(tunnel.port());
            }
            assertThat(tunnel.isOpen()).isTrue();
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    private static void assertEndsAtOnce(int port) throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.setSoTimeout(5000);
            try {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("the client was left waiting", e);
            } catch (IOException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void a_far_end_that_dies_closes_the_client_and_nothing_else() throws IOException {
        try (ServerSocket far = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", far.getLocalPort());
                Socket client = new Socket("127.0.0.1", tunnel.port())) {
            client.setSoTimeout(5000);
            far.accept().close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(tunnel.isOpen()).isTrue();
        }
    }

    @Test
    void a_lease_that_closes_takes_its_tunnels_and_their_connections_along() throws IOException {
        try (ServerSocket far = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            SshLease lease = pool.acquire("build");
            Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", far.getLocalPort());
            int port = tunnel.port();
            try (Socket client = new Socket("127.0.0.1", port);
                    Socket there = far.accept()) {
                client.setSoTimeout(5000);
                there.setSoTimeout(5000);
                lease.close();
                assertThat(endOf(client)).isTrue();
                assertThat(endOf(there)).isTrue();
            }
            await().until(() -> !tunnel.isOpen());
            assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> lease.forwardDynamic(0)).isInstanceOf(LeaseClosedException.class);
            tunnel.close();
        }
        assertThat(pool.execute("build", "echo on").stdout()).isEqualTo("on\n");
        assertThat(sshd.accepted()).as("the connection was kept").isEqualTo(1);
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return e.getMessage().contains("reset");
        }
    }

    @Test
    void a_port_that_is_taken_is_said() {
        try (SshLease lease = pool.acquire("build")) {
            assertThatThrownBy(() -> lease.forwardLocal(httpPort(), "127.0.0.1", 1))
                    .isInstanceOf(TunnelException.class)
                    .hasMessageContaining("cannot listen on port " + httpPort())
                    .hasMessageContaining("in use");
            assertThatThrownBy(() -> lease.forwardRemote(httpPort(), "127.0.0.1", 1))
                    .isInstanceOf(TunnelException.class)
                    .hasMessageContaining("AllowTcpForwarding");
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void a_server_that_forbids_forwarding_refuses_remote_tunnels_and_closes_the_clients_of_local_ones()
            throws IOException {
        try (PrivateSshd strict = PrivateSshd.start("AllowTcpForwarding=no");
                SshPool other = open(strict);
                SshLease lease = other.acquire("build")) {
            assertThatThrownBy(() -> lease.forwardRemote(0, "127.0.0.1", httpPort()))
                    .isInstanceOf(TunnelException.class);
            Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", httpPort());
            assertEndsAtOnce(tunnel.port());
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void a_tunnel_ends_with_its_connection() {
        try (SshLease lease = pool.acquire("build")) {
            Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", httpPort());
            sshd.killConnections();
            await().until(() -> !tunnel.isOpen());
            assertThatThrownBy(() -> new Socket("127.0.0.1", tunnel.port()).close())
                    .isInstanceOf(IOException.class);
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
    }
}
