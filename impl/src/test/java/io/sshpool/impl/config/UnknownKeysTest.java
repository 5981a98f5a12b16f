package io.sshpool.impl.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownKeysTest {

    @ParameterizedTest
    @CsvSource({
        "sshpool.max-conections,sshpool.max-connections",
        "sshpool.target.web.pasword,sshpool.target.web.password",
        "sshpool.targets.web.host,sshpool.target.web.host",
        "sshpool.default.user,sshpool.defaults.user",
        "sshpool.defaults.knownhosts,sshpool.defaults.known-hosts",
        "sshpool.target,sshpool.targets"
    })
    void aMisspeltKeyIsWarnedOfWithTheNearestOne(String written, String meant) {
        assertThat(Reads.reader(Reads.web().with(written + "=x")).read().warnings())
                .containsExactly(written + ": unknown, did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({"sshpool.colour", "sshpool.target.web.kerberos-ticket", "sshpool.pkcs11-provider", "sshpool."})
    void whatResemblesNothingIsWarnedOfWithoutAGuess(String written) {
        assertThat(Reads.reader(Reads.web().with(written + "=x")).read().warnings())
                .containsExactly(written + ": unknown, ignored");
    }

    @Test
    void keysOfOthersAreNoConcern() {
        assertThat(Reads.read("sshpoolish.x=1", "quarkus.ssh=2", "SSHPOOL_ANYTHING=3", "Sshpool_x=4")
                        .warnings())
                .isEmpty();
    }

    @Test
    void theEditDistanceIsThatOfLevenshtein() {
        assertThat(EditDistance.between("kitten", "sitting", 9)).isEqualTo(3);
        assertThat(EditDistance.between("", "abc", 9)).isEqualTo(3);
        assertThat(EditDistance.between("same", "same", 9)).isZero();
        assertThat(EditDistance.between("kitten", "sitting", 2)).isEqualTo(2);
        assertThat(EditDistance.between("a", "abcdefgh", 3)).isEqualTo(3);
    }

    @Test
    void theEditDistanceKeepsTheLawsOfADistance() {
        long seed = Long.getLong("seed", 7);
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String a = word(random);
            String b = word(random);
            String c = word(random);
            int ab = EditDistance.between(a, b, 99);
            assertThat(ab).as("seed %d", seed).isEqualTo(EditDistance.between(b, a, 99));
            assertThat(ab == 0).as("seed %d", seed).isEqualTo(a.equals(b));
            assertThat(ab)
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(EditDistance.between(a, c, 99) + EditDistance.between(c, b, 99));
        }
    }

    private static String word(Random random) {
        return random.ints(random.nextInt(8), 'a', 'd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
