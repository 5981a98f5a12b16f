package io.sshpool.it.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What is on the heap of a JVM. */
public final class Heap {

    private Heap() {}

    /** How many objects of exactly that class there are after a full collection, which {@code jcmd} does first. */
    public static int instances(long jvm, String type) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(jcmd, String.valueOf(jvm), "GC.class_histogram").start();
            String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return histogram
                    .lines()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(row -> row.length >= 4 && row[3].equals(type))
                    .mapToInt(row -> Integer.parseInt(row[1]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
