package io.sshpool.it.weld;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;

/** The class path with a {@code META-INF/microprofile-config.properties} of one application before it. */
final class ConfiguredLoader implements AutoCloseable {

    private static final String CONFIGURATION = "META-INF/microprofile-config.properties";

    private final Path directory;
    private final URLClassLoader loader;

    private ConfiguredLoader(Path directory) throws IOException {
        this.directory = directory;
        loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, ConfiguredLoader.class.getClassLoader());
    }

    static ConfiguredLoader of(Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        try {
            Path directory = Files.createTempDirectory("sshpool-it");
            Path file = directory.resolve(CONFIGURATION);
            Files.createDirectory(file.getParent());
            try (Writer out = Files.newBufferedWriter(file)) {
                properties.store(out, null);
            }
            return new ConfiguredLoader(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Works with this as the thread's context class loader, by which a configuration is found. */
    <T> T call(Supplier<T> work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() {
        try {
            loader.close();
            Path file = directory.resolve(CONFIGURATION);
            Files.delete(file);
            Files.delete(file.getParent());
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
