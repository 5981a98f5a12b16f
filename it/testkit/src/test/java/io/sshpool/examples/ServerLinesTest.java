package io.sshpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What README tells to paste for a server is what the module with its tests uses. */
class ServerLinesTest {

    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final Pattern BLOCK =
            Pattern.compile("^```(xml|sh)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    /** Of a command line: options with what they are set to, and files. */
    private static final Pattern WORD = Pattern.compile("--[a-z]+|[\\w/.-]*\\.(cli|jar|sh|war)");

    @ParameterizedTest
    @CsvSource({
        "Quarkus, quarkus",
        "Open Liberty, open-liberty",
        "Payara Micro, payara",
        "WildFly, wildfly",
        "Helidon MP, helidon"
    })
    void itIsWhatTheTestsUse(String server, String module) throws IOException {
        List<String> used = used(ROOT.resolve("it").resolve(module));
        Matcher block = BLOCK.matcher(section(server));
        int blocks = 0;
        while (block.find()) {
            blocks++;
            if (block.group(1).equals("xml")) {
                String lines = squeezed(block.group(2));
                assertThat(used).as(block.group(2)).anyMatch(file -> file.contains(lines));
            } else {
                words(block.group(2)).forEach(word -> assertThat(used).as(word).anyMatch(file -> file.contains(word)));
            }
        }
        assertThat(blocks).isPositive();
    }

    private static String section(String server) throws IOException {
        String servers = Files.readString(ROOT.resolve("README.md")).split("\n## Servers\n", 2)[1];
        return servers.split("\n### " + server + "\n", 2)[1].split("\n##", 2)[0];
    }

    private static Stream<String> words(String commands) {
        return Arrays.stream(commands.split("[\\s=]+"))
                .filter(word -> WORD.matcher(word).matches());
    }

    /** The module's own files. */
    private static List<String> used(Path module) throws IOException {
        try (Stream<Path> sources = Files.walk(module.resolve("src"))) {
            return Stream.concat(Stream.of(module.resolve("pom.xml")), sources.filter(Files::isRegularFile))
                    .map(ServerLinesTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return squeezed(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
