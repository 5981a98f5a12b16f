package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConfigException;
import io.sshpool.SshConnectException;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.Credential;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that hang, lie or refuse. Good ones are tried against real servers. */
@Timeout(30)
class SshAgentTest {

    @TempDir
    Path folder;

    private final PoolThreads threads = PoolThreads.own();
    private final EmbeddedServer server = new EmbeddedServer();
    private ServerSocketChannel listener;
    private Path socket;

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("socket");
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        server.close();
        threads.close();
    }

    @Test
    void an_agent_that_hangs_costs_the_connect_timeout_and_no_more() {
        try (Rig rig = Rig.showing(new Credential.Agent(socket, Optional.empty()))) {
            long before = System.nanoTime();

            SshConnectException failure = rig.failure(SshConnectException.class, server.port(), Duration.ofMillis(300));

            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
            assertThat(failure).hasMessageContaining("300 ms");
        }
    }

    @Test
    void a_question_ends_at_its_deadline() {
        SshAgent agent = new SshAgent(socket, deadline(Duration.ofMillis(200)), threads);

        assertThatThrownBy(agent::identities).isInstanceOf(IOException.class).hasMessage("it did not answer in time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000001 05",
                "7fffffff",
                "00000000",
                "00000005 0c 7fffffff",
                "00000009 0c 00000001 00ffffff",
                "000000"
            })
    void an_answer_that_makes_no_sense_is_an_error(String answer) {
        answer(hex(answer));

        assertThatThrownBy(new SshAgent(socket, deadline(Duration.ofSeconds(5)), threads)::identities)
                .isInstanceOf(IOException.class);
    }

    @Test
    void an_agent_that_does_not_sign_is_named() {
        server.authorize(EmbeddedServer.ED25519.getPublic());
        answer(holding(PublicKeyLine.blobOf(EmbeddedServer.ED25519.getPublic())), hex("00000001 05"));

        try (Rig rig = Rig.showing(new Credential.Agent(socket, Optional.empty()))) {
            assertThat(rig.failure(SshAuthenticationException.class, server.port(), Duration.ofSeconds(10)))
                    .hasMessageContaining("the agent at " + socket + " did not sign", "it refused");
        }
    }

    @Test
    void an_agent_that_hangs_when_it_should_sign_costs_the_connect_timeout() {
        server.authorize(EmbeddedServer.ED25519.getPublic());
        answer(holding(PublicKeyLine.blobOf(EmbeddedServer.ED25519.getPublic())));

        try (Rig rig = Rig.showing(new Credential.Agent(socket, Optional.empty()))) {
            // on an I/O thread the wait would hold up this one too
            rig.failure(SshConnectException.class, server.port(), Duration.ofMillis(1500));
        }
        server.awaitConnections(0);
    }

    @Test
    void keys_of_types_that_nobody_knows_are_passed_over() {
        answer(holding("no key at all".getBytes(StandardCharsets.US_ASCII)));

        try (Rig rig = Rig.showing(new Credential.Agent(socket, Optional.empty()))) {
            assertThat(rig.failure(SshConfigException.class, server.port(), Duration.ofSeconds(10)))
                    .hasMessageContaining("holds no key that can be used");
        }
    }

    private long deadline(Duration timeout) {
        return threads.clock().getAsLong() + timeout.toNanos();
    }

    /** Gives each connection one of these answers, the next ones none. */
    private void answer(byte[]... answers) {
        threads.workers().execute(() -> {
            for (byte[] answer : answers) {
                try (SocketChannel client = listener.accept()) {
                    client.read(ByteBuffer.allocate(64 * 1024));
                    client.write(ByteBuffer.wrap(answer));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static byte[] holding(byte[] blob) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(1 + 4 + 4 + blob.length + 4);
            out.writeByte(12);
            out.writeInt(1);
            out.writeInt(blob.length);
            out.write(blob);
            out.writeInt(0);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
