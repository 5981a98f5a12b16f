import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * README's table "What was tested where", from the reports of the last {@code .ci/run}: {@code java .mvn/Table.java} checks README,
 * {@code java .mvn/Table.java write} corrects it. A cell is the number of tests that passed.
 */
final class Table {

    private static final Path README = Path.of("README.md");
    private static final String HEADING = "### What was tested where\n";
    private static final Pattern BOOT = Pattern.compile("boot: (\\d+) ms");

    /** The columns: the module below {@code it}, the name, and the property of the root pom.xml with the version. */
    private static final List<Server> SERVERS = List.of(
            new Server("quarkus", "Quarkus", "quarkus.platform.version"),
            new Server("open-liberty", "Open Liberty", "open-liberty.version"),
            new Server("payara", "Payara Micro", "payara.version"),
            new Server("wildfly", "WildFly", "wildfly.version"),
            new Server("helidon", "Helidon MP", "helidon.version"),
            new Server("weld-se", "Weld SE", "weld.version"));

    /** The rows: what a reader wants to know, and the tests of it: {@code Class}, or {@code Class.beginningOfTheMethod}, which comes first. */
    private static final List<Row> ROWS = List.of(
            row(
                    "a handle in fields, constructors, producers, observers, `Instance`, a scope-less resource, a servlet",
                    "HandlesIT.aHandleRunsCommands",
                    "HandlesIT.aHandleIn",
                    "HandlesIT.aHandleFrom",
                    "HandlesIT.oneBeanHas"),
            row(
                    "one lease a target and request; given back after success, exception, stream, client abort",
                    "HandlesIT.handlesOfOneTarget",
                    "HandlesIT.theLeaseIsBack",
                    "HandlesIT.theConnectionComesBack",
                    "HandlesIT.theEndOfTheRequest"),
            row(
                    "many requests share few connections, within the limits",
                    "HandlesIT.twoHundred",
                    "HandlesIT.fifty",
                    "HandlesIT.theNextRequest",
                    "HandlesIT.aRequestThatRunsNothing"),
            row(
                    "`CompletionStage`, `@Suspended`, `startAsync`; their clients gone",
                    "AsyncIT.anAsynchronousAnswer",
                    "AsyncIT.theLeaseComesBackWhere"),
            row("these and plain requests at a time: no connection runs commands of two", "AsyncIT.noConnection"),
            row("a handle after `AsyncContext.dispatch` from another thread", "AsyncIT.aDispatchedRequest"),
            row(
                    "a handle that is used when its request has been answered",
                    "HandlesIT.aHandleThatIsUsed",
                    "AsyncIT.aHandleThatIsUsed"),
            row("`Uni`, aborted `Multi`", "HandlesIT.aUni", "AsyncIT.theLeaseOfAMulti"),
            row(
                    "outside a request: start-up observer, managed task, `@ActivateRequestContext`; else an error that says what to do",
                    "HandlesIT.outsideARequest",
                    "HandlesIT.anActivated"),
            row("configuration from file, environment, system properties", "StartIT.environmentAnd"),
            row("wrong configuration stops the application's start; a required host that is down does not", "StartIT"),
            row("a malformed `@Pooled` value stops it", "MalformedIT", "MalformedTest", "StartIT.aMalformed"),
            row("sessions and process end with the server", "StartIT.stopping", "StopIT"),
            row("clean-up and health checks run on the server's executor; on Helidon on a thread of ours", "HealthIT.cleanUp"),
            row("the readiness check", "HealthIT"),
            row("traces and metrics", "TelemetryIT", "OldTelemetryIT"),
            row("no warning", "HandlesIT.nothingThatWeLog"),
            row("no complaint where OpenTelemetry is absent or switched off", "HandlesIT.openTelemetryThatIs"),
            row("works without MicroProfile Health", "WithoutHealthIT"),
            row("replaced ten times without a restart, nothing is left", "RedeployIT"),
            row("in an application's own tests, and reloaded live", "InjectedTest", "LiveReloadTest"),
            row("what else is tested there"));

    public static void main(String[] args) throws Exception {
        boolean write = args.length == 1 && args[0].equals("write");
        if (args.length > 1 || args.length == 1 && !write) {
            throw new IllegalArgumentException("java .mvn/Table.java [write]");
        }
        List<Column> columns = new ArrayList<>();
        for (Server server : SERVERS) {
            columns.add(Column.of(server));
        }
        List<String> problems =
                columns.stream().flatMap(column -> column.problems().stream()).toList();
        if (!problems.isEmpty()) {
            problems.forEach(problem -> System.err.println("Table: " + problem));
            System.err.println("Table: .ci/run makes all reports");
            System.exit(1);
        }
        columns.forEach(column -> System.out.println(column.times()));

        String table = table(columns);
        String readme = Files.readString(README);
        int start = readme.indexOf("\n| ", readme.indexOf(HEADING)) + 1;
        int end = readme.indexOf("\n\n", start) + 1;
        if (readme.substring(start, end).equals(table)) {
            return;
        }
        if (write) {
            Files.writeString(README, readme.substring(0, start) + table + readme.substring(end));
            return;
        }
        System.err.println("Table: README's table is not that of the reports; java .mvn/Table.java write corrects it:");
        System.err.print(difference(readme.substring(start, end), table));
        System.exit(1);
    }

    private static String table(List<Column> columns) {
        StringBuilder text = new StringBuilder("| |");
        columns.forEach(column -> text.append(' ').append(column.title()).append(" |"));
        text.append("\n| --- |").append(" --- |".repeat(columns.size())).append('\n');
        for (Row row : ROWS) {
            text.append("| ").append(row.label()).append(" |");
            columns.forEach(column -> text.append(' ').append(column.cell(row)).append(" |"));
            text.append('\n');
        }
        text.append("| all, none skipped |");
        columns.forEach(column -> text.append(' ').append(column.passed().size()).append(" |"));
        return text.append('\n').toString();
    }

    private static String difference(String old, String now) {
        List<String> before = old.lines().toList();
        List<String> after = now.lines().toList();
        return Stream.concat(
                        before.stream().filter(line -> !after.contains(line)).map(line -> "- " + line),
                        after.stream().filter(line -> !before.contains(line)).map(line -> "+ " + line))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Row row(String label, String... tests) {
        return new Row(label, List.of(tests));
    }

    private record Server(String module, String name, String version) {}

    private record Row(String label, List<String> tests) {

        /** The row of a test: one that names its method, else one that names its class, else the last. */
        static Row of(String test) {
            return ROWS.stream()
                    .filter(row -> row.tests.stream().anyMatch(name -> name.contains(".") && test.startsWith(name)))
                    .findFirst()
                    .or(() -> ROWS.stream()
                            .filter(row -> row.tests.contains(test.substring(0, test.indexOf('.'))))
                            .findFirst())
                    .orElse(ROWS.get(ROWS.size() - 1));
        }
    }

    /** What the reports of a server's module say; {@code passed} are tests as {@code Class.method}. */
    private record Column(String title, List<String> passed, double seconds, String boot, List<String> problems) {

        static Column of(Server server) throws Exception {
            List<String> passed = new ArrayList<>();
            List<String> problems = new ArrayList<>();
            double seconds = 0;
            String boot = "in process";
            // By the sources, as a report may be older than the removal of its class.
            for (var test : tests(server.module()).entrySet()) {
                if (Files.notExists(test.getValue())) {
                    problems.add("no report of " + test.getKey() + ": " + test.getValue());
                    continue;
                }
                var factory = DocumentBuilderFactory.newInstance();
                Element suite = factory.newDocumentBuilder()
                        .parse(test.getValue().toFile())
                        .getDocumentElement();
                seconds += Double.parseDouble(suite.getAttribute("time").replace(",", ""));
                NodeList cases = suite.getElementsByTagName("testcase");
                for (int i = 0; i < cases.getLength(); i++) {
                    Element testCase = (Element) cases.item(i);
                    String name = test.getKey() + "." + testCase.getAttribute("name");
                    if (Stream.of("failure", "error", "skipped")
                            .allMatch(bad -> testCase.getElementsByTagName(bad).getLength() == 0)) {
                        passed.add(name);
                    } else {
                        problems.add("not passed on " + server.name() + ": " + name);
                    }
                }
                Matcher found = BOOT.matcher(suite.getTextContent());
                if (found.find()) {
                    boot = seconds(Long.parseLong(found.group(1)) / 1000.0);
                }
            }
            return new Column(server.name() + " " + version(server.version()), passed, seconds, boot, problems);
        }

        String cell(Row row) {
            long count = passed.stream().filter(test -> Row.of(test) == row).count();
            return count == 0 ? "–" : String.valueOf(count);
        }

        String times() {
            return "%s: %d tests in %s, the server's boot %s".formatted(title, passed.size(), seconds(seconds), boot);
        }

        private static String seconds(double seconds) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }

        /** The test classes of a module by their simple names, with the report that each leaves. */
        private static TreeMap<String, Path> tests(String module) throws Exception {
            Path sources = Path.of("it", module, "src", "test", "java");
            TreeMap<String, Path> reports = new TreeMap<>();
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(file -> file.toString().matches(".*(Test|IT)\\.java")).toList()) {
                    String type = sources.relativize(file).toString().replace(".java", "").replace('/', '.');
                    String kind = type.endsWith("IT") ? "failsafe-reports" : "surefire-reports";
                    reports.put(
                            type.substring(type.lastIndexOf('.') + 1),
                            Path.of("it", module, "target", kind, "TEST-" + type + ".xml"));
                }
            }
            return reports;
        }

        private static String version(String property) throws Exception {
            Matcher version = Pattern.compile("<" + Pattern.quote(property) + ">(.*?)(\\.Final)?</")
                    .matcher(Files.readString(Path.of("pom.xml")));
            if (!version.find()) {
                throw new IllegalStateException("pom.xml has no " + property);
            }
            return version.group(1);
        }
    }
}
