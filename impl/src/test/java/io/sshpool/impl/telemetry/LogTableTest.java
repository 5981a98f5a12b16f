package io.sshpool.impl.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of identifiers in the README and those in the code are the same. */
class LogTableTest {

    private static final Pattern ROW = Pattern.compile("\\| `(SSHP-\\d+)` \\| (\\w+) \\| (.+?) \\| (.*)\\|");

    private static List<Matcher> rows() throws IOException {
        return Files.readAllLines(Path.of("..", "README.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
    }

    @Test
    void everyIdentifierStandsInTheTableWithItsLevel() throws IOException {
        assertThat(rows().stream().map(row -> row.group(1) + " " + row.group(2)))
                .containsExactlyElementsOf(Stream.of(LogEvent.values())
                        .map(event -> event.id() + " " + event.level())
                        .toList());
    }

    @Test
    void everyWarningHasARemedy() throws IOException {
        assertThat(rows())
                .filteredOn(row -> row.group(2).equals("WARNING"))
                .isNotEmpty()
                .allMatch(row -> !row.group(4).isBlank());
    }
}
