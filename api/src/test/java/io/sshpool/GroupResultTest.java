package io.sshpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupResultTest {

    private static final Throwable LOST = ConnectionLostException.beforeSending("c", "lost", null);
    private static final GroupResult MIXED = new GroupResult(
            List.of("c", "b", "a", "d"), Map.of("a", exited(0), "b", exited(1), "d", exited(0)), Map.of("c", LOST));

    @Test
    void everyViewIsInTheOrderOfTheKeys() {
        assertThat(MIXED.results().keySet()).containsExactly("b", "a", "d");
        assertThat(MIXED.failures()).containsExactly(Map.entry("c", LOST));
        assertThat(MIXED.succeeded()).containsExactly("a", "d");
        assertThat(MIXED.failed()).containsExactly("c", "b");
        assertThat(MIXED).hasToString("GroupResult[2 of 4 succeeded]");
    }

    @Test
    void itThrowsUnlessTheCommandSucceededEverywhere() {
        GroupResult good = new GroupResult(List.of("a"), Map.of("a", exited(0)), Map.of());
        assertThat(good.orThrow()).isSameAs(good);
        assertThatThrownBy(MIXED::orThrow)
                .isInstanceOfSatisfying(
                        GroupFailedException.class, e -> assertThat(e.result()).isSameAs(MIXED))
                .hasMessageContaining("2 of 4 hosts")
                .hasCause(LOST);
    }

    @Test
    void aKeyHasExactlyOneOutcome() {
        assertThatIllegalArgumentException().isThrownBy(() -> new GroupResult(List.of("a"), Map.of(), Map.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupResult(List.of("a"), Map.of("a", exited(0)), Map.of("a", LOST)));
    }

    @Test
    void itsExceptionCanBeSerialized() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new GroupFailedException(MIXED));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            GroupResult copy = ((GroupFailedException) in.readObject()).result();
            assertThat(copy.results().get("b").exitCode()).isEqualTo(1);
            assertThat(copy.failures().get("c")).isInstanceOf(ConnectionLostException.class);
        }
    }

    private static ExecResult exited(int code) {
        return ExecResult.exited("x", code, Output.EMPTY, Duration.ZERO);
    }
}
