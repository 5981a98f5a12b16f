package io.sshpool.demo.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The right-hand side of a pipe: takes lines, passes on what it wants, and says how it ended. */
interface Filter extends Sink {

    /** Called once after the last line; returns the exit code. */
    int end() throws IOException, InterruptedException;

    /** The filter of that name, if there is one. */
    static Optional<Filter> named(Arguments arguments, Sink out) {
        return Optional.ofNullable(
                switch (arguments.name()) {
                    case "cat" -> new Each(line -> true, 0, out);
                    case "grep" -> grep(arguments, out);
                    case "head" -> head(arguments.number(10), out);
                    case "sort" -> new All(lines -> lines.stream().sorted().toList(), out);
                    case "tail" -> tail(arguments.number(10), out);
                    case "wc" -> new All(lines -> List.of(count(arguments, lines)), out);
                    default -> null;
                });
    }

    private static Filter grep(Arguments arguments, Sink out) {
        boolean inverted = arguments.has('v');
        String wanted = arguments.operand(0).orElse("");
        return new Each(line -> line.contains(wanted) != inverted, 1, out);
    }

    private static Filter head(int count, Sink out) {
        int[] left = {count};
        return new Each(
                line -> {
                    if (left[0]-- <= 0) {
                        throw new ClosedPipeException();
                    }
                    return true;
                },
                0,
                out);
    }

    private static Filter tail(int count, Sink out) {
        return new All(lines -> lines.subList(Math.max(0, lines.size() - count), lines.size()), out);
    }

    private static String count(Arguments arguments, List<String> lines) {
        int words = lines.stream()
                .mapToInt(line -> line.isBlank() ? 0 : line.trim().split("\\s+").length)
                .sum();
        int characters = lines.stream().mapToInt(line -> line.length() + 1).sum();
        return arguments.has('l') ? String.valueOf(lines.size()) : lines.size() + " " + words + " " + characters;
    }

    /** Whether a line is passed on. */
    @FunctionalInterface
    interface Choice {
        boolean wants(String line) throws IOException;
    }

    /** Decides line by line. */
    final class Each implements Filter {
        private final Choice choice;
        private final int nothingFound;
        private final Sink out;
        private boolean found;

        Each(Choice choice, int nothingFound, Sink out) {
            this.choice = choice;
            this.nothingFound = nothingFound;
            this.out = out;
        }

        @Override
        public void line(String line) throws IOException {
            if (choice.wants(line)) {
                found = true;
                out.line(line);
            }
        }

        @Override
        public int end() {
            return found ? 0 : nothingFound;
        }
    }

    /** What becomes of all the lines. */
    @FunctionalInterface
    interface Whole {
        List<String> of(List<String> lines);
    }

    /** Decides when it has all lines, up to a bound. */
    final class All implements Filter {
        private static final int MOST = 10_000;

        private final Whole whole;
        private final Sink out;
        private final List<String> lines = new ArrayList<>();

        All(Whole whole, Sink out) {
            this.whole = whole;
            this.out = out;
        }

        @Override
        public void line(String line) throws IOException {
            if (lines.size() == MOST) {
                throw new ClosedPipeException();
            }
            lines.add(line);
        }

        @Override
        public int end() throws IOException {
            for (String line : whole.of(lines)) {
                out.line(line);
            }
            return 0;
        }
    }
}
