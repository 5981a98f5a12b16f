package io.sshpool.impl.pool;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPatternTest {

    @ParameterizedTest
    @CsvSource({
        "*,anything.example,true",
        "*.example,web1.example,true",
        "*.EXAMPLE,web1.example,true",
        "*.example,example,false",
        "*.example,web1.example.org,false",
        "web?,web1,true",
        "web?,web,false",
        "web?,web12,false",
        "web1,web1,true",
        "web1,web1x,false",
        "web1.example,web1xexample,false",
        "10.0.0.*,10.0.0.7,true",
        "10.0.0.?,10.0.0.7,true",
        "fe80::*,fe80::1,true",
        "*a*b*,xxaxxbxx,true",
        "*a*b*,xxbxxaxx,false"
    })
    void starsAndQuestionMarksStandForOtherCharacters(String pattern, String host, boolean matches) {
        assertThat(new HostPattern(pattern).matches(host)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.*,10.0.0.evil.example", "10.*,10.evil.example", "1?2.0.0.1,1x2.0.0.1"})
    void aPatternOfAddressesLetsNoNameIn(String pattern, String host) {
        assertThat(new HostPattern(pattern).matches(host)).isFalse();
    }

    @Test
    void itAgreesWithARegularExpression() {
        long seed = Long.getLong("seed", 11);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String pattern = word(random, "ab*?");
            String host = word(random, "ab");
            boolean expected = Pattern.matches(pattern.replace("*", ".*").replace("?", "."), host);
            assertThat(new HostPattern(pattern).matches(host))
                    .as("%s on %s, seed %d", pattern, host, seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void manyStarsTakeNoLonger() {
        HostPattern pattern = new HostPattern("*a".repeat(30) + "b");
        assertThatCode(() -> assertTimeoutPreemptively(
                        ofSeconds(2),
                        () -> assertThat(pattern.matches("a".repeat(253))).isFalse()))
                .doesNotThrowAnyException();
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
