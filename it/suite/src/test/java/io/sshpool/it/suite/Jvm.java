package io.sshpool.it.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is in a JVM that runs, as {@code jcmd} tells. */
public final class Jvm {

    private static final Pattern OUR_THREAD = Pattern.compile("\"(sshpool|sshd-).*\" #\\d+ ");

    private Jvm() {}

    /** How many objects of exactly that class there are after a full collection, which {@code jcmd} does first. */
    public static int instances(long jvm, String type) {
        return ask(jvm, "GC.class_histogram")
                .map(line -> line.trim().split("\\s+"))
                .filter(row -> row.length >= 4 && row[3].equals(type))
                .mapToInt(row -> Integer.parseInt(row[1]))
                .sum();
    }

    /** The threads of ours, with the numbers that tell them from later ones of the same name. */
    static Set<String> ourThreads(long jvm) {
        return ask(jvm, "Thread.print")
                .flatMap(line -> OUR_THREAD.matcher(line).results())
                .map(thread -> thread.group().trim())
                .collect(Collectors.toSet());
    }

    private static Stream<String> ask(long jvm, String question) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            // Not through a pipe: a JVM that is asked of itself stands still while it answers, and could not empty it.
            Path answer = Files.createTempFile("jcmd", ".txt");
            try {
                new ProcessBuilder(jcmd, String.valueOf(jvm), question)
                        .redirectErrorStream(true)
                        .redirectOutput(answer.toFile())
                        .start()
                        .waitFor();
                return new String(Files.readAllBytes(answer), StandardCharsets.UTF_8).lines();
            } finally {
                Files.delete(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
