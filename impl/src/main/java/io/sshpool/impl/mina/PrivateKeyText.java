package io.sshpool.impl.mina;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says of a text that cannot be a usable private key what it is instead, as a parser only says that it is none. */
final class PrivateKeyText {

    /** What can be used. */
    static final String CHOICE = "use an ed25519, ECDSA (nistp256, nistp384, nistp521) or RSA key";

    private static final int LONGEST = 256 * 1024;
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY-----");
    private static final Pattern PUBLIC =
            Pattern.compile("-----BEGIN (?:[A-Z0-9 ]{0,40}PUBLIC KEY|CERTIFICATE)-----|---- BEGIN SSH2 PUBLIC KEY"
                    + "|^\\s*(?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)[a-z0-9@.-]{1,60} AAAA");
    private static final int MAGIC = "openssh-key-v1\0".length();

    private PrivateKeyText() {}

    /**
     * Looks at the outside only; never at what is encrypted.
     *
     * @param text what should be a private key
     * @return why it is of no use, empty when a parser should try
     */
    static Optional<String> problem(String text) {
        if (text.isBlank()) {
            return Optional.of("the private key is empty");
        }
        if (text.length() > LONGEST) {
            return Optional.of("not a private key: longer than " + LONGEST / 1024 + " KiB");
        }
        Matcher begin = BEGIN.matcher(text);
        return begin.find() ? problemOfKey(text, begin) : Optional.of(instead(text));
    }

    private static String instead(String text) {
        if (text.contains("PuTTY-User-Key-File-")) {
            return "the private key is in PuTTY's format, which is not supported; convert it with"
                    + " 'puttygen key.ppk -O private-openssh -o key'";
        }
        if (text.contains("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY")) {
            return "the private key is in ssh.com's format, which is not supported; convert it with 'ssh-keygen -i -f key'";
        }
        if (PUBLIC.matcher(text).find()) {
            return "this is a public key or a certificate; the private key is in the file without .pub";
        }
        return "not a private key in OpenSSH, PEM or PKCS#8 format (a file is named as file:/path/to/key)";
    }

    private static Optional<String> problemOfKey(String text, Matcher begin) {
        String label = begin.group(1);
        int end = text.indexOf("-----END " + label + "PRIVATE KEY-----", begin.end());
        if (end < 0) {
            return Optional.of("the private key is cut off: its END line is missing");
        }
        String body = text.substring(begin.end(), end);
        if (body.indexOf('\n') < 0 && body.indexOf('\r') < 0) {
            return Optional.of("the private key has lost its line breaks");
        }
        return switch (label) {
            case "", "ENCRYPTED ", "RSA ", "EC " -> Optional.empty();
            case "OPENSSH " -> problemOfType(typeOf(body));
            default -> Optional.of("the private key's type " + label.strip() + " is not supported; " + CHOICE);
        };
    }

    private static Optional<String> problemOfType(String type) {
        if (type.startsWith("sk-")) {
            return Optional.of(
                    "the private key lives in a security key (" + type + "), which is not supported; " + CHOICE);
        }
        if (type.equals("ssh-dss")) {
            return Optional.of("the private key's type DSA is not supported; " + CHOICE);
        }
        return Optional.empty();
    }

    /** The type in the public part, which is plain also in an encrypted file (OpenSSH's PROTOCOL.key); empty if unreadable. */
    private static String typeOf(String body) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(Base64.getMimeDecoder().decode(body));
            buffer.position(MAGIC);
            for (int skipped = 0; skipped < 3; skipped++) {
                buffer.position(Math.addExact(buffer.position() + Integer.BYTES, buffer.getInt(buffer.position())));
            }
            buffer.getInt();
            buffer.getInt();
            byte[] type = new byte[Math.min(Math.max(buffer.getInt(), 0), 64)];
            buffer.get(type);
            String name = new String(type, StandardCharsets.US_ASCII);
            return name.matches("[a-z0-9@.-]*") ? name : "";
        } catch (RuntimeException e) {
            return "";
        }
    }
}
