package io.sshpool.impl.config;

import io.sshpool.SshConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** A secret, or the file it is in; read anew each time. Shows neither. */
final class Secret {

    static final String FILE = "file:";
    private static final long LARGEST = 1 << 20;

    private final String key;
    private final Supplier<String> source;

    private Secret(String key, Supplier<String> source) {
        this.key = key;
        this.source = source;
    }

    /** A value of configuration: the secret itself, or {@code file:} and a path. */
    static Secret of(String key, Supplier<String> source) {
        return new Secret(key, source);
    }

    /** The key that it comes from. */
    String key() {
        return key;
    }

    /**
     * A password or passphrase, without the end of line that editors put at the end of a file.
     *
     * @throws SshConfigException when the file cannot be read
     */
    String line() {
        String text = source.get();
        return isFile(text) ? contents(text).replaceFirst("\\r?\\n\\z", "") : text;
    }

    /**
     * A private key; literal {@code \n}, which is how many tools put a key into an environment variable, ends a line.
     *
     * @throws SshConfigException when the file cannot be read
     */
    String privateKey() {
        String text = source.get();
        if (isFile(text)) {
            return contents(text);
        }
        return text.indexOf('\n') >= 0 ? text : text.replace("\\r\\n", "\n").replace("\\n", "\n");
    }

    @Override
    public String toString() {
        return "Secret[" + key + "]";
    }

    private static boolean isFile(String text) {
        return text.startsWith(FILE);
    }

    private String contents(String text) {
        Path file = file(text);
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw problem("names something that is not a file: " + file);
            }
            if (Files.size(file) > LARGEST) {
                throw problem("names a file of more than " + LARGEST + " bytes: " + file);
            }
            String contents = Files.readString(file);
            if (contents.isBlank()) {
                throw problem("names an empty file: " + file);
            }
            return contents;
        } catch (CharacterCodingException binary) {
            throw problem("names a file that is not text in UTF-8: " + file);
        } catch (IOException unreadable) {
            throw problem("names a file that cannot be read: " + file + " ("
                    + unreadable.getClass().getSimpleName() + ")");
        }
    }

    private Path file(String text) {
        String path = text.substring(FILE.length()).trim();
        if (path.isEmpty()) {
            throw problem("has no path after file:");
        }
        try {
            return Forms.path(path.startsWith("//") ? path.substring(2) : path);
        } catch (IllegalArgumentException malformed) {
            throw problem("has after file: what is not a path");
        }
    }

    private SshConfigException problem(String reason) {
        return new SshConfigException(key + " " + reason);
    }
}
