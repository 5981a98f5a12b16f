package io.sshpool.impl.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.SshConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings that README shows are good ones; only their files are not here. */
class ReadmeSettingsTest {

    private static final Pattern BLOCK =
            Pattern.compile("^```properties\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** What a block leaves to the reader; its own settings come first. */
    private static final String[] REST = {
        "sshpool.target.build.host=build.example.com",
        "sshpool.defaults.user=ci",
        "sshpool.defaults.password=hunter2",
        "sshpool.defaults.host-key-fingerprint=" + Reads.FINGERPRINT,
        "SSH_AUTH_SOCK=/no/such/socket",
    };

    static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("..", "README.md")))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("sshpool."))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void aBlockHasNoProblemButFilesThatAreNotHere(String block) {
        String[] lines = block.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceAll("~/|\\$\\{.*?}", "/no/such/"))
                .toArray(String[]::new);

        assertThat(complaints(PlainConfig.of(REST).with(lines)))
                .allMatch(problem ->
                        problem.matches(".* names a (file|socket) that (cannot be read|does not exist): .*"));
    }

    private static List<String> complaints(PlainConfig config) {
        try {
            return Reads.reader(config).read().warnings();
        } catch (SshConfigException wrong) {
            return wrong.problems();
        }
    }

    @Test
    void thereAreBlocks() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(5);
    }
}
