package io.sshpool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundred thousand arguments of all of Unicode through {@link Command#of} and real shells, byte for byte. */
@Timeout(120)
class QuotingTest {

    private static final int ARGUMENTS = 100_000;
    private static final int IN_ONE_COMMAND = 1_000;
    private static final int[] SPECIAL = " \t\n\r'\"\\`$!*?~#&|;<>(){}[]=%-+,.:/@^aZ09\u0001\u007f\u0081\u0088"
            .codePoints()
            .toArray();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash"})
    void everyArgumentArrivesAsItIs(String shell) throws IOException, InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> arguments = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ARGUMENTS / IN_ONE_COMMAND; i++) {
            List<String> some = some(random);
            arguments.addAll(some.subList(1, some.size()));
            text.append(Command.of("printf", some.toArray(String[]::new)).text())
                    .append('\n');
        }

        byte[] printed = run(shell, text.toString());

        String expected = arguments.stream().map(word -> word + "\0").collect(Collectors.joining());
        assertThat(arguments).hasSize(ARGUMENTS);
        assertThat(printed).as("seed %d", seed).isEqualTo(expected.getBytes(UTF_8));
    }

    private static List<String> some(Random random) {
        List<String> some = new ArrayList<>(List.of("%s\\0"));
        for (int i = 0; i < IN_ONE_COMMAND; i++) {
            some.add(word(random));
        }
        return some;
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder(random.nextInt(8) == 0 ? "-" : "");
        for (int length = random.nextInt(16); length > 0; length--) {
            word.appendCodePoint(random.nextBoolean() ? SPECIAL[random.nextInt(SPECIAL.length)] : any(random));
        }
        return word.toString();
    }

    /** Any character but NUL, which no argument can have, and halves of one, which no encoding can. */
    private static int any(Random random) {
        int character = 1 + random.nextInt(Character.MAX_CODE_POINT);
        return Character.getType(character) == Character.SURROGATE ? any(random) : character;
    }

    // The text by standard input: one argument of a process may have no more than 128 KiB.
    private byte[] run(String shell, String text) throws IOException, InterruptedException {
        Path printed = directory.resolve("printed");
        Process process = new ProcessBuilder(shell)
                .redirectOutput(printed.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(text.getBytes(UTF_8));
        }
        assertThat(process.waitFor()).isZero();
        return Files.readAllBytes(printed);
    }
}
