package io.sshpool.impl.mina.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces of a file are as long as the server takes them. */
final class LimitsTest {

    private static final int KIBIBYTE = 1024;

    // Nothing said; little; OpenSSH's; no limit; more than is of use.
    @ParameterizedTest
    @ValueSource(longs = {-1, 10_000, 255 * KIBIBYTE, 0, Long.MAX_VALUE})
    void piecesAreAsLongAsTheServerTakes(long limit) throws IOException {
        MemorySftp server = new MemorySftp(limit);
        byte[] content = new byte[server.file.length];
        new Random(7).nextBytes(content);

        try (OutputStream out = server.dialogue.files().write("a")) {
            out.write(content);
        }
        assertThat(server.file).isEqualTo(content);
        assertThat(server.pieces.get(0)).isLessThanOrEqualTo(32 * KIBIBYTE);
        assertThat(server.pieces).allMatch(length -> length <= longest(limit)).contains(longest(limit));

        server.pieces.clear();
        try (InputStream in = server.dialogue.files().read("a")) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(server.pieces).allMatch(length -> length <= longest(limit)).contains(longest(limit));
    }

    private static int longest(long limit) {
        return limit < 0 ? 32 * KIBIBYTE : limit == 10_000 ? 10_000 : 255 * KIBIBYTE;
    }
}
