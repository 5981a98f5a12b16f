package io.sshpool.impl.mina;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a known_hosts file said when it was read. Immutable, but for remembering what was looked up. */
final class KnownHosts {

    /** Nothing: the file is missing. */
    static final KnownHosts NONE = new KnownHosts(List.of(), List.of(), true);

    private static final int REMEMBERED = 1000;

    private final List<KnownHostLine> lines;
    private final List<Integer> malformed;
    private final boolean complete;
    private final Map<String, List<KnownHostLine>> found = new ConcurrentHashMap<>();

    private KnownHosts(List<KnownHostLine> lines, List<Integer> malformed, boolean complete) {
        this.lines = lines;
        this.malformed = malformed;
        this.complete = complete;
    }

    /** Reads the file's content, which may be anything. */
    static KnownHosts parse(byte[] content) {
        // One character a byte: junk stays junk and shifts nothing.
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<KnownHostLine> lines = new ArrayList<>();
        List<Integer> malformed = new ArrayList<>();
        int number = 0;
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            String line = text.substring(start, end < 0 ? text.length() : end);
            start = end < 0 ? text.length() : end + 1;
            number++;
            if (!KnownHostLine.isBlank(line)) {
                Optional<KnownHostLine> parsed = KnownHostLine.parse(number, line);
                parsed.ifPresent(lines::add);
                if (parsed.isEmpty()) {
                    malformed.add(number);
                }
            }
        }
        return new KnownHosts(lines, malformed, text.isEmpty() || text.endsWith("\n"));
    }

    /** The lines that mean a name, {@code host} or {@code [host]:port}, in the order of the file. */
    List<KnownHostLine> find(String name) {
        // Hashed names cost a digest each: too much for a second look at a long file.
        if (found.size() >= REMEMBERED) {
            found.clear();
        }
        return found.computeIfAbsent(
                name, n -> lines.stream().filter(l -> l.hosts().match(n)).toList());
    }

    /** The numbers of the lines that cannot be understood. */
    List<Integer> malformed() {
        return malformed;
    }

    /** Whether the last line has its line end. */
    boolean isComplete() {
        return complete;
    }
}
