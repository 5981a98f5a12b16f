package io.sshpool.impl.mina;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One key in a known_hosts file.
 *
 * @param number of the line, from 1
 * @param marker what the line says of its key
 * @param hosts for which hosts
 * @param key the key
 */
record KnownHostLine(int number, Marker marker, HostNames hosts, HostKey key) {

    /** What a line says of its key. */
    enum Marker {
        /** The host has it. */
        HOST,
        /** It signs certificates of the hosts. */
        AUTHORITY,
        /** Nobody may use it. */
        REVOKED
    }

    private static final Pattern BLANKS = Pattern.compile("[ \t\r]+");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9@._-]{1,64}");

    /** Whether there is nothing in a line, or a comment. */
    static boolean isBlank(String line) {
        return line.isEmpty()
                || line.charAt(0) == '#'
                || BLANKS.matcher(line).matches()
                || line.strip().startsWith("#");
    }

    /** Reads a line; empty when it cannot be understood. */
    static Optional<KnownHostLine> parse(int number, String line) {
        if (line.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        // A comment may follow and may be long: it is not looked at.
        String[] fields = BLANKS.split(line.stripLeading(), 5);
        Optional<Marker> marker = marker(fields[0]);
        int first = fields[0].startsWith("@") ? 1 : 0;
        if (marker.isEmpty() || fields.length < first + 3) {
            return Optional.empty();
        }
        return HostNames.parse(fields[first])
                .flatMap(hosts -> key(fields[first + 1], fields[first + 2])
                        .map(key -> new KnownHostLine(number, marker.get(), hosts, key)));
    }

    private static Optional<Marker> marker(String field) {
        if (!field.startsWith("@")) {
            return Optional.of(Marker.HOST);
        }
        return switch (field) {
            case "@cert-authority" -> Optional.of(Marker.AUTHORITY);
            case "@revoked" -> Optional.of(Marker.REVOKED);
            default -> Optional.empty();
        };
    }

    private static Optional<HostKey> key(String type, String base64) {
        if (!TYPE.matcher(type).matches()) {
            return Optional.empty();
        }
        try {
            byte[] blob = Base64.getDecoder().decode(base64);
            return isKey(type, strings(blob)) ? Optional.of(new HostKey(type, blob)) : Optional.empty();
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    /** Takes a key apart: every type is a sequence of strings, so that a cut or altered line shows. */
    private static List<byte[]> strings(byte[] blob) {
        List<byte[]> strings = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(blob);
        while (buffer.hasRemaining()) {
            int length = buffer.getInt();
            if (length < 0 || length > buffer.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] string = new byte[length];
            buffer.get(string);
            strings.add(string);
        }
        return strings;
    }

    private static boolean isKey(String type, List<byte[]> strings) {
        if (strings.size() < 2 || !new String(strings.get(0), StandardCharsets.ISO_8859_1).equals(type)) {
            return false;
        }
        return switch (type) {
            case "ssh-ed25519" -> strings.size() == 2 && strings.get(1).length == 32;
            case "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" -> strings.size() == 3;
            default -> true;
        };
    }
}
