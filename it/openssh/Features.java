import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Compares README's table of features and servers with the reports of it/openssh's tests, or with {@code write} corrects it:
 * {@code java it/openssh/Features.java [write] <server> <reports> [<server> <reports>]…}. The tests of dropbear are a column of their own; columns
 * of other servers stay as they are. Fails where a test belongs to no feature, or did not pass.
 */
final class Features {

    private static final Path README = Path.of("README.md");
    private static final String HEADING = "## SSH servers\n";
    private static final String ALL = "all";
    private static final String NONE = "–";
    private static final int MOST_COLUMNS = 16;

    /** Which tests show a feature, as Class.method; of several the first counts. */
    private static final Map<String, Pattern> FEATURES = new LinkedHashMap<>();

    static {
        feature("commands", "(Command|CommandEnd|LongCommand|Reuse)IT.*", "commands");
        feature("streams", "(Stream|Signal)IT.*", "streams");
        feature("many hosts", "GroupIT.*", "groups");
        feature("files", "FilesIT.*", "files");
        feature("tunnels", "(Tunnel|Database)IT.*", "tunnels");
        feature("passwords and keys", "CredentialIT.*", "credentials");
        feature("agent", "AgentIT.*", "agent");
        feature("certificates", "CertificateIT.*", "certificates");
        feature("jump hosts", "JumpIT.*", "jumps");
        feature("scripts", "SudoIT.a_script_.*", "scripts");
        feature("sudo", "SudoIT.*", "sudo");
        feature("ssh-config", "SshConfigIT.*", "config");
        feature("host keys", "HostKeyIT.*", "hostkeys");
        feature(
                "faults, limits, close",
                "(LostConnection|FrozenHost|FrozenFiles|BusyServer|Eviction|Close)IT.*",
                "faults");
        feature("trace context, log", "(Propagation|Day)IT.*", "log");
    }

    private static void feature(String name, String openssh, String dropbear) {
        FEATURES.put(name, Pattern.compile(openssh + "|Dropbear(Access)?IT\\." + dropbear + "_.*"));
    }

    private final List<String> columns = new ArrayList<>();
    private final Map<String, int[]> passed = new TreeMap<>();
    private final Map<String, int[]> ran = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();

    public static void main(String... args) throws Exception {
        boolean write = args[0].equals("write");
        List<String> pairs = List.of(args).subList(write ? 1 : 0, args.length);
        Features table = new Features();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            table.column(
                    pairs.get(i).replace('_', ' '), new File(pairs.get(i + 1)), test -> !test.startsWith("Dropbear"));
        }
        table.column("dropbear", new File(pairs.get(1)), test -> test.startsWith("Dropbear"));
        table.compare(write);
        table.complaints.forEach(System.err::println);
        System.exit(table.complaints.isEmpty() ? 0 : 1);
    }

    private void column(String server, File reports, Predicate<String> wanted) throws Exception {
        int column = columns.size();
        columns.add(server);
        File[] files = reports.listFiles((folder, name) -> name.startsWith("TEST-") && name.endsWith(".xml"));
        if (files == null) {
            throw new IllegalArgumentException("no reports in " + reports);
        }
        for (File file : files) {
            NodeList tests = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file)
                    .getElementsByTagName("testcase");
            for (int i = 0; i < tests.getLength(); i++) {
                Element test = (Element) tests.item(i);
                String type = test.getAttribute("classname");
                String name = type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name");
                if (wanted.test(name)) {
                    count(column, name, test);
                }
            }
        }
    }

    private void count(int column, String name, Element test) {
        String feature = FEATURES.entrySet().stream()
                .filter(entry -> entry.getValue().matcher(name).matches())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        if (feature == null) {
            complaints.add(name + " belongs to no feature of " + Features.class.getName() + ".java");
            return;
        }
        ran.computeIfAbsent(feature, any -> new int[MOST_COLUMNS])[column]++;
        for (String bad : List.of("failure", "error", "skipped")) {
            if (test.getElementsByTagName(bad).getLength() > 0) {
                complaints.add(columns.get(column) + ": " + bad + " of " + name);
                return;
            }
        }
        passed.computeIfAbsent(feature, any -> new int[MOST_COLUMNS])[column]++;
    }

    private void compare(boolean write) throws IOException {
        String readme = Files.readString(README);
        int start = readme.indexOf("\n| ", readme.indexOf(HEADING)) + 1;
        int end = readme.indexOf("\n\n", start) + 1;
        String old = readme.substring(start, end);
        String table = corrected(old);
        System.out.print(table);
        if (write) {
            Files.writeString(README, readme.substring(0, start) + table + readme.substring(end));
        } else {
            List<String> before = old.lines().toList();
            table.lines()
                    .filter(line -> !before.contains(line))
                    .forEach(line -> complaints.add("README has not: " + line + "; with write it gets it"));
        }
    }

    /** README's table with the columns that were measured, the others as they stand. */
    private String corrected(String old) {
        List<List<String>> rows = old.lines().map(Features::cells).toList();
        List<String> header = rows.get(0);
        StringBuilder table = new StringBuilder(line(header)).append(line(rows.get(1)));
        List<String> labels = new ArrayList<>(FEATURES.keySet());
        labels.add(ALL);
        for (String label : labels) {
            List<String> row = new ArrayList<>(rows.stream()
                    .filter(cells -> cells.get(0).equals(label))
                    .findFirst()
                    .orElseGet(() -> Collections.nCopies(header.size(), NONE)));
            row.set(0, label);
            for (int column = 0; column < columns.size(); column++) {
                row.set(place(columns.get(column), header), cell(label, column));
            }
            table.append(line(row));
        }
        return table.toString();
    }

    /** Which column of README is a server's; the end of its version may be left out, as sshd does. */
    private static int place(String server, List<String> header) {
        return IntStream.range(1, header.size())
                .filter(i -> header.get(i).startsWith(server))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("README's table has no column of " + server));
    }

    private String cell(String label, int column) {
        if (label.equals(ALL)) {
            return String.valueOf(
                    passed.values().stream().mapToInt(counts -> counts[column]).sum());
        }
        int all = ran.getOrDefault(label, new int[MOST_COLUMNS])[column];
        int good = passed.getOrDefault(label, new int[MOST_COLUMNS])[column];
        return all == 0 ? NONE : good == all ? String.valueOf(all) : good + " of " + all;
    }

    private static List<String> cells(String line) {
        return Stream.of(line.split("\\|")).skip(1).map(String::trim).toList();
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.isEmpty() ? "" : " " + cell)
                .collect(Collectors.joining(" |", "|", " |\n"));
    }
}
