package io.sshpool.impl.config;

import io.sshpool.impl.config.SshConfigEntry.Place;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a file in the format of ssh_config(5) and those that it includes. */
final class SshConfigReader {

    private static final long LARGEST = 1 << 20;
    private static final int DEEPEST = 16;

    private final Problems problems;
    private final NotTaken notTaken;
    private final List<SshConfigEntry> entries = new ArrayList<>();
    private final Map<String, Place> names = new LinkedHashMap<>();
    private final Deque<Path> open = new ArrayDeque<>();

    SshConfigReader(Problems problems, NotTaken notTaken) {
        this.problems = problems;
        this.notTaken = notTaken;
    }

    /** In the order in which they count: the first that says something of a host decides. */
    List<SshConfigEntry> entries() {
        return entries;
    }

    /** The hosts that have a {@code Host} line without a wildcard, and where it stands. */
    Map<String, Place> names() {
        return names;
    }

    /** Reads a file; what is wrong with it is a problem of {@code key}. */
    void read(String key, Path file) {
        read(key, file, List.of());
    }

    private void read(String key, Path file, List<SshConfigHost> conditions) {
        if (open.contains(file)) {
            problems.add(key, "names a file that includes itself: " + file);
        } else if (open.size() > DEEPEST) {
            problems.add(key, "names a file that is included through more than " + DEEPEST + " others: " + file);
        } else {
            open.push(file);
            lines(key, file).ifPresent(lines -> new Block(file, conditions).read(lines));
            open.pop();
        }
    }

    private Optional<List<String>> lines(String key, Path file) {
        try {
            if (!Files.exists(file)) {
                problems.add(key, "names a file that does not exist: " + file);
            } else if (!Files.isRegularFile(file)) {
                problems.add(key, "names something that is not a file: " + file);
            } else if (Files.size(file) > LARGEST) {
                problems.add(key, "names a file of more than " + LARGEST + " bytes: " + file);
            } else {
                return Optional.of(Files.readAllLines(file));
            }
        } catch (CharacterCodingException binary) {
            problems.add(key, "names a file that is not text in UTF-8: " + file);
        } catch (IOException unreadable) {
            String reason = unreadable.getClass().getSimpleName();
            problems.add(key, "names a file that cannot be read: " + file + " (" + reason + ")");
        }
        return Optional.empty();
    }

    /** One file under way. */
    private final class Block {
        private final Path file;
        private final List<SshConfigHost> outer;
        private List<SshConfigHost> conditions;

        /** @param outer the conditions under which the file is included */
        Block(Path file, List<SshConfigHost> outer) {
            this.file = file;
            this.outer = outer;
            conditions = outer;
        }

        /** Ends at the first line that is malformed: the file may be something else, of which nothing must be shown. */
        void read(List<String> lines) {
            for (int i = 0; i < lines.size(); i++) {
                Place place = new Place(file, i + 1);
                try {
                    SshConfigLine.parse(lines.get(i)).ifPresent(line -> take(line, place));
                } catch (IllegalArgumentException malformed) {
                    problems.add(place.toString(), malformed.getMessage());
                    return;
                }
            }
        }

        private void take(SshConfigLine line, Place place) {
            switch (line.keyword().toLowerCase(Locale.ROOT)) {
                case "host" -> host(new SshConfigHost(line.arguments()), place);
                case "match" -> match(line.arguments(), place);
                case "include" -> line.arguments().forEach(pattern -> include(pattern, place));
                default ->
                    SshConfigKeyword.of(line.keyword())
                            .ifPresentOrElse(
                                    keyword -> entry(keyword, line.arguments(), place),
                                    () -> notTaken.add(line.keyword(), place));
            }
        }

        private void host(SshConfigHost host, Place place) {
            condition(host);
            host.names().stream()
                    .filter(name -> conditions.stream().allMatch(condition -> condition.matches(name)))
                    .forEach(name -> names.putIfAbsent(name, place));
        }

        private void match(List<String> criteria, Place place) {
            boolean all = criteria.size() == 1 && criteria.get(0).equalsIgnoreCase("all");
            condition(all ? SshConfigHost.ALL : SshConfigHost.NONE);
            if (!all) {
                notTaken.add("Match and what follows it", place);
            }
        }

        private void condition(SshConfigHost host) {
            conditions = new ArrayList<>(outer);
            conditions.add(host);
        }

        private void entry(SshConfigKeyword keyword, List<String> arguments, Place place) {
            try {
                entries.add(new SshConfigEntry(conditions, keyword, keyword.read(arguments), place));
            } catch (IllegalArgumentException wrong) {
                problems.add(place + " " + keyword.spelling(), wrong.getMessage());
            }
        }

        private void include(String pattern, Place place) {
            String key = place + " Include";
            try {
                SshConfigTokens.check(pattern, "");
                Path path = file.toAbsolutePath()
                        .resolveSibling(SshConfigTokens.home(pattern))
                        .normalize();
                if (SshConfigHost.hasWildcard(path.toString())) {
                    included(path).forEach(one -> SshConfigReader.this.read(key, one, conditions));
                } else {
                    SshConfigReader.this.read(key, path, conditions);
                }
            } catch (InvalidPathException malformed) {
                problems.add(key, "is not followed by a path");
            } catch (IllegalArgumentException unsupported) {
                problems.add(key, unsupported.getMessage());
            } catch (IOException unreadable) {
                problems.add(key, "cannot list the folder of its files");
            }
        }

        /** The files of a pattern, which may be none, in the order of their names; hidden ones must be asked for, as in a shell. */
        private static List<Path> included(Path pattern) throws IOException {
            Path folder = pattern.getParent();
            if (SshConfigHost.hasWildcard(folder.toString())) {
                throw new IllegalArgumentException("has a wildcard before its last /, which is not supported");
            }
            String last = pattern.getFileName().toString();
            if (!Files.isDirectory(folder)) {
                return List.of();
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> isOf(last, file))) {
                List<Path> sorted = new ArrayList<>();
                files.forEach(sorted::add);
                sorted.sort(null);
                return sorted;
            }
        }

        private static boolean isOf(String pattern, Path file) {
            String name = file.getFileName().toString();
            return SshConfigHost.matches(pattern, name) && (!name.startsWith(".") || pattern.startsWith("."));
        }
    }
}
