package io.sshpool.demo.shell;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The commands that every fake host has. */
final class Builtins {

    /** A command. */
    @FunctionalInterface
    interface Command {
        int run(Arguments arguments, Streams io) throws IOException, InterruptedException;
    }

    /** What {@code exit} does. */
    static final class ExitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int code;

        private ExitException(int code) {
            super("exit " + code, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss zzz yyyy", Locale.ENGLISH);

    private final Personality host;
    private final long upMillis;
    private final Map<String, Command> commands = new TreeMap<>();

    Builtins(Personality host, long upMillis) {
        this.host = host;
        this.upMillis = upMillis;
        saying();
        doing();
    }

    /** The command of that name, or null. */
    Command named(String name) {
        return commands.get(name);
    }

    static String absolute(String path) {
        String whole = path.startsWith("~") ? Personality.HOME + path.substring(1) : path;
        return whole.startsWith("/") ? whole : Personality.HOME + "/" + whole;
    }

    private void saying() {
        say("date", arguments -> ZonedDateTime.now().format(DATE));
        say("df", arguments -> host.disks().stripTrailing());
        say("echo", arguments -> arguments.words().stream().skip(1).collect(Collectors.joining(" ")));
        say("help", arguments -> help());
        say("hostname", arguments -> host.name());
        say("id", arguments -> "uid=1000(demo) gid=1000(demo) groups=1000(demo)");
        say("pwd", arguments -> Personality.HOME);
        say("uname", arguments -> arguments.has('a') ? "Fake " + host.name() + " 6.1.0-demo x86_64" : "Fake");
        say("uptime", arguments -> uptime());
        say("whoami", arguments -> "demo");
    }

    private void say(String name, Function<Arguments, String> text) {
        commands.put(name, (arguments, io) -> {
            for (String line : text.apply(arguments).split("\n", -1)) {
                io.out().line(line);
            }
            return 0;
        });
    }

    private void doing() {
        commands.put("true", (arguments, io) -> 0);
        commands.put("false", (arguments, io) -> 1);
        commands.put("exit", (arguments, io) -> {
            throw new ExitException(arguments.count(0) & 0xff);
        });
        commands.put("fail", (arguments, io) -> {
            io.err().line("fail: as you wish");
            return arguments.count(1) & 0xff;
        });
        commands.put("ls", this::ls);
        commands.put("seq", (arguments, io) -> {
            for (int i = 1; i <= arguments.count(1); i++) {
                io.out().line(String.valueOf(i));
            }
            return 0;
        });
        commands.put("sleep", this::sleep);
        commands.put("slow", this::slow);
        commands.put("yes", this::yes);
    }

    private String help() {
        return "every host: cat grep head sort tail wc " + String.join(" ", commands.keySet()) + "\n" + host.name()
                + " only: " + String.join(", ", host.suggestions());
    }

    private String uptime() {
        Duration up = Duration.ofDays(host.upDays()).plusMillis(upMillis);
        return String.format(
                Locale.ROOT,
                " %s up %d days, %2d:%02d,  1 user,  load average: %s",
                LocalTime.now().truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_LOCAL_TIME),
                up.toDays(),
                up.toHoursPart(),
                up.toMinutesPart(),
                host.load());
    }

    private int ls(Arguments arguments, Streams io) throws IOException {
        String path = arguments.operand(0).orElse("");
        String folder = path.isEmpty() ? Personality.HOME : absolute(path);
        if (host.files().containsKey(folder)) {
            io.out().line(path);
            return 0;
        }
        String prefix = folder.endsWith("/") ? folder : folder + "/";
        TreeSet<String> entries = host.files().keySet().stream()
                .filter(file -> file.startsWith(prefix))
                .map(file -> file.substring(prefix.length()).replaceFirst("/.*", "/"))
                .collect(Collectors.toCollection(TreeSet::new));
        if (entries.isEmpty()) {
            io.err().line("ls: cannot access '" + path + "': No such file or directory");
            return 2;
        }
        for (String entry : entries) {
            io.out().line(entry);
        }
        return 0;
    }

    private int sleep(Arguments arguments, Streams io) throws IOException, InterruptedException {
        String seconds = arguments.operand(0).orElse("");
        if (!seconds.matches("\\d{1,5}(\\.\\d{1,3})?")) {
            io.err().line("sleep: invalid time interval '" + seconds + "'");
            return 1;
        }
        io.pause().millis(Math.round(Double.parseDouble(seconds) * 1000));
        return 0;
    }

    private int slow(Arguments arguments, Streams io) throws IOException, InterruptedException {
        int steps = arguments.count(5);
        for (int step = 1; step <= steps; step++) {
            io.pause().millis(300);
            io.out().line("step " + step + " of " + steps);
        }
        return 0;
    }

    private int yes(Arguments arguments, Streams io) throws IOException, InterruptedException {
        String line = arguments.operand(0).orElse("y");
        while (!Thread.currentThread().isInterrupted()) {
            io.out().line(line);
        }
        throw new InterruptedException("yes was told to end");
    }
}
