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
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
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
        return get("127.0.0.1", port, path, proxy);
    }

    private static String get(String host, int port, String path, Proxy proxy) throws IOException {
        try (InputStream answer = open(host, port, path, proxy)) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream open(String host, int port, String path, Proxy proxy) throws IOException {
        URLConnection connection =
                URI.create("http://" + host + ":" + port + path).toURL().openConnection(proxy);
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
    void SOCKS_4a_is_spoken_too_and_the_target_looks_the_name_up() throws IOException {
        try (PrivateSshd talkative = PrivateSshd.start("LogLevel=DEBUG1");
                SshPool other = open(talkative);
                SshLease lease = other.acquire("build");
                Tunnel tunnel = lease.forwardDynamic(0);
                Socket client = new Socket("127.0.0.1", tunnel.port())) {
            client.setSoTimeout(20_000);
            OutputStream out = client.getOutputStream();
            InputStream in = client.getInputStream();
            // no address, but a name behind the user's; at once, as MINA takes no request in pieces
            out.write(ByteBuffer.allocate(21)
                    .put(new byte[] {4, 1})
                    .putShort((short) httpPort())
                    .put(new byte[] {0, 0, 0, 1})
                    .put("me\0localhost\0".getBytes(StandardCharsets.US_ASCII))
                    .array());
            assertThat(in.readNBytes(8)).startsWith(0, 90);
            out.write("GET /4a HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).endsWith("\r\n\r\n/4a");
            assertThat(talkative.log()).contains("target localhost port " + httpPort());
        }
    }

    @Test
    void the_target_looks_up_the_name_of_a_local_tunnels_far_end() throws IOException {
        try (PrivateSshd talkative = PrivateSshd.start("LogLevel=DEBUG1");
                SshPool other = open(talkative);
                SshLease lease = other.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "localhost", httpPort())) {
            assertThat(get(tunnel.port(), "/name")).isEqualTo("/name");
            assertThat(talkative.log()).contains("target localhost port " + httpPort());
        }
    }

    @Test
    void a_tunnel_listens_on_the_address_that_it_is_given_and_on_no_other() throws IOException {
        try (SshLease lease = pool.acquire("build");
                Tunnel one = lease.forwardLocal("127.0.0.2", 0, "127.0.0.1", httpPort());
                Tunnel all = lease.forwardDynamic("0.0.0.0", 0)) {
            assertThat(one.address().getHostString()).isEqualTo("127.0.0.2");
            assertThat(get("127.0.0.2", one.port(), "/2", Proxy.NO_PROXY)).isEqualTo("/2");
            assertThatThrownBy(() -> get(one.port(), "/1")).isInstanceOf(ConnectException.class);
            for (String address : List.of("127.0.0.1", "127.0.0.2")) {
                Proxy proxy = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(address, all.port()));
                assertThat(get(httpPort(), "/all", proxy)).isEqualTo("/all");
            }
        }
    }

    @Test
    void a_second_remote_tunnel_on_the_port_of_a_first_leaves_the_first_alone() throws IOException {
        try (PrivateSshd open = PrivateSshd.start("GatewayPorts=clientspecified");
                SshPool other = open(open);
                SshLease lease = other.acquire("build");
                Tunnel first = lease.forwardRemote("127.0.0.1", 0, "127.0.0.1", httpPort())) {
            assertThatThrownBy(() -> lease.forwardRemote("127.0.0.2", first.port(), "127.0.0.1", httpPort()))
                    .isInstanceOf(TunnelException.class)
                    .hasMessageContaining("another tunnel over this connection has that port");
            assertThat(get(first.port(), "/first")).isEqualTo("/first");
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void a_client_that_does_not_read_stops_its_far_end_and_nobody_else_and_loses_nothing() throws IOException {
        try (ServerSocketChannel far =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", far.socket().getLocalPort());
                Tunnel neighbour = lease.forwardLocal(0, "127.0.0.1", httpPort());
                Socket client = new Socket("127.0.0.1", tunnel.port());
                SocketChannel sender = far.accept()) {
            long sent = fill(sender);
            assertThat(sent).isLessThan(LARGE / 2);
            assertThat(get(neighbour.port(), "/on")).isEqualTo("/on");
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");

            sender.shutdownOutput();
            client.setSoTimeout(20_000);
            assertThat(client.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isEqualTo(sent);
        }
    }

    /** Sends until nothing has been taken for a second. */
    private static long fill(SocketChannel to) throws IOException {
        to.configureBlocking(false);
        AtomicLong sent = new AtomicLong();
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofMinutes(1)).until(() -> {
            int taken = sent.get() < LARGE ? to.write(ByteBuffer.allocate(1 << 20)) : 0;
            sent.addAndGet(taken);
            return taken == 0;
        });
        return sent.get();
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
                InputStream large = open("127.0.0.1", tunnel.port(), "/large", Proxy.NO_PROXY)) {
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
