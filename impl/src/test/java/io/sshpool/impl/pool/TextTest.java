package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    @Test
    void printableTextStays() {
        assertThat(Text.printable("Grüße, 世界 😀 {0} %s", 100)).isEqualTo("Grüße, 世界 😀 {0} %s");
        assertThat(Text.printable("", 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085", "\u009b", "\u200b", "\u202e", "\u2028", "\u2029",
                "\ufeff"
            })
    void whatMovesTheCursorOrHidesTextIsReplaced(String hidden) {
        assertThat(Text.printable("a" + hidden + "b", 10)).isEqualTo("a?b");
    }

    @Test
    void longTextIsCutAndSaysSo() {
        assertThat(Text.printable("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Text.printable("abcdefg", 6)).isEqualTo("abcdef…");
        assertThat(Text.printable("x".repeat(1 << 20), 64)).hasSize(65);
    }

    @Test
    void aCutLeavesNoHalfCharacter() {
        String cut = Text.printable("ab😀cd", 3);
        assertThat(cut.chars().anyMatch(c -> Character.isSurrogate((char) c))).isFalse();
    }

    @Test
    void invisibleCharactersBeyondTheBasicPlaneAreReplacedToo() {
        String tag = new StringBuilder().appendCodePoint(0xE0041).toString();
        assertThat(Text.printable("a" + tag + "b", 10)).isEqualTo("a?b");
        assertThat(Text.printable("a\ud800b", 10)).isEqualTo("a?b");
    }
}
