package io.sshpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java example of README.md stands, white space aside, in a class of this package, which is compiled and run. Whole files, which begin with
 * their path, are not meant: it/quickstart/run builds and runs those.
 */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final Pattern BLOCK =
            Pattern.compile("^```java\n(?!// src/)(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void anExampleIsCompiledAndRun(String block) throws IOException {
        assertThat(sources()).anyMatch(source -> source.contains(squeezed(block)));
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(8);
    }

    private static List<String> sources() throws IOException {
        Path here = ROOT.resolve("it/testkit/src/test/java/io/sshpool/examples");
        try (Stream<Path> files = Files.list(here)) {
            return files.filter(file -> !file.endsWith("ReadmeTest.java"))
                    .map(ReadmeTest::read)
                    .collect(Collectors.toList());
        }
    }

    private static String read(Path file) {
        try {
            return squeezed(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
