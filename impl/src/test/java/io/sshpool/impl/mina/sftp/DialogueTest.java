package io.sshpool.impl.mina.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.FileTransferException;
import io.sshpool.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a server in memory that misbehaves. */
@Timeout(60)
final class DialogueTest {

    private final MemorySftp server = new MemorySftp(0);
    private final Dialogue dialogue = server.dialogue;

    @Test
    void silenceIsCountedWhileAnAnswerIsOwed() {
        server.clock.set(100);
        assertThat(dialogue.silence()).as("nothing was asked").isZero();

        server.silent = true;
        ask();
        server.clock.set(130);
        ask();
        assertThat(dialogue.silence()).as("a second question changes nothing").isEqualTo(30);

        dialogue.received(new byte[] {0, 0}, 0, 2);
        server.clock.set(150);
        assertThat(dialogue.silence()).as("since a part of an answer").isEqualTo(20);
    }

    @Test
    void whoAsksWhenItIsGivenUpIsAnsweredAtOnce() {
        server.silent = true;
        CompletableFuture<Answer> before = ask();
        dialogue.guard("a.part");

        dialogue.giveUp(() -> new IllegalStateException("given up"));

        assertThat(before).isCompletedExceptionally();
        assertThat(ask()).isCompletedExceptionally();
        assertThat(server.removed).containsExactly("a.part");
        assertThat(server.finished)
                .as("closed before the answers that are owed")
                .isFalse();
    }

    @Test
    void aServerThatGreetsOnceMoreIsNotTrusted() {
        dialogue.received(new byte[] {0, 0, 0, 5, 2, 0, 0, 0, 3}, 0, 9);

        assertThat(server.finished).isTrue();
        assertThatThrownBy(() -> ask().join()).hasMessageContaining("greets once more");
    }

    @Test
    void aDialogueThatOwesNothingClosesWhenItIsGivenUp() {
        dialogue.giveUp(() -> new IllegalStateException("given up"));
        assertThat(server.finished).isTrue();
    }

    @Test
    void aStreamThatCouldNotReadAPieceNeverGoesOnBehindIt() throws IOException {
        server.refusedPiece = 1;
        try (InputStream in = dialogue.files().read("a")) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(FileTransferException.class);
            assertThatThrownBy(in::read).as("the next read").isInstanceOf(IOException.class);
        }
    }

    @Test
    void aStreamThatCouldNotWriteAPieceNeverClosesAsIfItHad() throws IOException {
        server.refusedPiece = 0;
        OutputStream out = dialogue.files().write("a");
        out.write(new byte[100]);
        assertThatThrownBy(out::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> out.write(new byte[server.file.length])).isInstanceOf(IOException.class);
        assertThatThrownBy(out::close).isInstanceOf(IOException.class).hasCauseInstanceOf(FileTransferException.class);
    }

    @Test
    void aTreeWithoutEndIsWalkedToABoundedDepth() {
        try (Stream<RemoteFile> all = dialogue.files().walk("top")) {
            assertThat(all.limit(4).map(RemoteFile::path))
                    .containsExactly("top/d", "top/d/d", "top/d/d/d", "top/d/d/d/d");
        }
        try (Stream<RemoteFile> all = dialogue.files().walk("top")) {
            List<RemoteFile> seen = new ArrayList<>();
            assertThatThrownBy(() -> all.forEach(seen::add))
                    .isInstanceOf(FileTransferException.class)
                    .hasMessageContaining("deeper than 500 directories");
            assertThat(seen).hasSize(501);
        }
    }

    private CompletableFuture<Answer> ask() {
        return dialogue.ask(Packet.of(Packet.STAT).text("a"));
    }
}
