package io.sshpool.impl.config;

import io.sshpool.SshConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A secret, or the file it is in; read anew each time. Shows neither. */
final class Secret {

    private static final String FILE = "file:";
    private static final long LARGEST = 1 << 20;

    private final String key;
    private final String text;

    private Secret(String key, String text) {
        this.key = key;
        this.text = text;
    }

    /** A value of configuration: the secret itself, or {@code file:} and a path. */
    static Secret of(String key, String text) {
        return new Secret(key, text);
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
        return isFile() ? contents().replaceFirst("\\r?\\n\\z", "") : text;
    }

    /**
     * A private key; literal {@code \n}, which is how many tools put a key into an environment variable, ends a line.
     *
     * @throws SshConfigException when the file cannot be read
     */
    String privateKey() {
        if (isFile()) {
            return contents();
        }
        return text.indexOf('\n') >= 0 ? text : text.replace("\\r\\n", "\n").replace("\\n", "\n");
    }

    @Override
    public String toString() {
        return "Secret[" + key + "]";
    }

    private boolean isFile() {
        return text.startsWith(FILE);
    }

    private String contents() {
        Path file = file();
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

    private Path file() {
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
