package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PipeTest {

    @Test
    void aPacketWithoutDataBeforeAnyOtherIsNothing() throws IOException {
        Pipe pipe = new Pipe("a", consumed -> {});
        byte[] data = "data".getBytes(StandardCharsets.UTF_8);
        byte[] read = new byte[8];

        pipe.put(new byte[0], 0, 0);
        pipe.put(data, 0, data.length);
        pipe.put(new byte[0], 0, 0);

        assertThat(pipe.read(read, 0, read.length)).isEqualTo(data.length);
        assertThat(read).startsWith(data);
    }
}
