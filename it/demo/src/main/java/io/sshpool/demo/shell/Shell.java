package io.sshpool.demo.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs shell text as one host would. Used by one thread; a new one for each command, as with SSH. */
public final class Shell {

    private static final int USAGE = 2;
    private static final int NOT_FOUND = 127;
    private static final int LONGEST = 10_000;

    private final Personality host;
    private final Builtins builtins;
    private final Streams streams;
    private int status;

    /**
     * A shell on a host.
     *
     * @param host what the host is like
     * @param upMillis for how long it has been up
     * @param streams where commands write to
     */
    public Shell(Personality host, long upMillis, Streams streams) {
        this.host = Objects.requireNonNull(host, "host");
        this.builtins = new Builtins(host, upMillis);
        this.streams = Objects.requireNonNull(streams, "streams");
    }

    /**
     * Runs shell text.
     *
     * @param text commands, with pipes, quotes, {@code ; && ||}
     * @return the exit code
     * @throws IOException when the reader of the output is gone
     * @throws InterruptedException when the command shall end
     */
    public int run(String text) throws IOException, InterruptedException {
        try {
            if (text.length() > LONGEST) {
                throw new SyntaxException("the command is too long");
            }
            return run(new Lexer(text, this::variable));
        } catch (SyntaxException invalid) {
            streams.err().line("sh: " + invalid.getMessage());
            return USAGE;
        } catch (Builtins.ExitException exit) {
            return exit.code();
        }
    }

    private int run(Lexer lexer) throws SyntaxException, IOException, InterruptedException {
        Lexer.Operator operator = Lexer.Operator.THEN;
        while (operator != Lexer.Operator.END) {
            boolean wanted = switch (operator) {
                case AND -> status == 0;
                case OR -> status != 0;
                default -> true;
            };
            List<Lexer.Stage> pipeline = pipeline(lexer);
            operator = pipeline.get(pipeline.size() - 1).operator();
            if (wanted && !pipeline.get(0).words().isEmpty()) {
                status = run(pipeline);
            }
        }
        return status;
    }

    private static List<Lexer.Stage> pipeline(Lexer lexer) throws SyntaxException {
        List<Lexer.Stage> stages = new ArrayList<>();
        do {
            stages.add(lexer.next());
        } while (stages.get(stages.size() - 1).operator() == Lexer.Operator.PIPE);
        return stages;
    }

    /** Connects the stages from the last to the first; lines are then pushed through all of them, one at a time. */
    private int run(List<Lexer.Stage> pipeline) throws IOException, InterruptedException {
        List<Filter> filters = new ArrayList<>();
        Sink out = streams.out();
        for (int i = pipeline.size() - 1; i > 0; i--) {
            Filter filter = filter(pipeline.get(i), out);
            filters.add(0, filter);
            out = filter;
        }
        Lexer.Stage first = pipeline.get(0);
        int code = source(new Arguments(first.words()), streams.withOut(out).redirected(first.redirections()));
        for (Filter filter : filters) {
            code = ended(filter);
        }
        return code;
    }

    private static int ended(Filter filter) throws IOException, InterruptedException {
        try {
            return filter.end();
        } catch (ClosedPipeException enough) {
            return 0;
        }
    }

    private Filter filter(Lexer.Stage stage, Sink out) {
        Arguments arguments = new Arguments(stage.words());
        Streams io = streams.withOut(out).redirected(stage.redirections());
        return Filter.named(arguments, io.out()).orElseGet(() -> new Unread(() -> source(arguments, io)));
    }

    /** A command that reads nothing, or a file. */
    private int source(Arguments arguments, Streams io) throws IOException, InterruptedException {
        try {
            Script script = host.programs().get(arguments.line());
            if (script != null) {
                return script.run(io);
            }
            Filter filter = Filter.named(arguments, io.out()).orElse(null);
            if (filter != null) {
                return read(arguments, filter, io);
            }
            Builtins.Command command = builtins.named(arguments.name());
            if (command == null) {
                io.err().line("sh: " + arguments.name() + ": not found (this is a pretended host; try 'help')");
                return NOT_FOUND;
            }
            return command.run(arguments, io);
        } catch (ClosedPipeException enough) {
            return 0;
        }
    }

    private int read(Arguments arguments, Filter filter, Streams io) throws IOException, InterruptedException {
        String path = arguments.operand("grep".equals(arguments.name()) ? 1 : 0).orElse("");
        if (!path.isEmpty()) {
            String text = host.files().get(Builtins.absolute(path));
            if (text == null) {
                io.err().line(arguments.name() + ": " + path + ": No such file or directory");
                return 1;
            }
            feed(filter, text);
        }
        return filter.end();
    }

    private static void feed(Filter filter, String text) throws IOException {
        try {
            for (String line : text.lines().toList()) {
                filter.line(line);
            }
        } catch (ClosedPipeException enough) {
            // the filter passes on what it has
        }
    }

    private String variable(String name) {
        return switch (name) {
            case "?" -> String.valueOf(status);
            case "HOME" -> Personality.HOME;
            case "HOSTNAME" -> host.name();
            case "PWD" -> Personality.HOME;
            case "USER" -> "demo";
            default -> "";
        };
    }

    /** A command after a pipe that does not read it. */
    private record Unread(Source source) implements Filter {

        @FunctionalInterface
        private interface Source {
            int run() throws IOException, InterruptedException;
        }

        @Override
        public void line(String line) {}

        @Override
        public int end() throws IOException, InterruptedException {
            return source.run();
        }
    }
}
