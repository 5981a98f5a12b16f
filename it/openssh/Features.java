import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Prints README's table of features and servers, from the reports of it/openssh's tests:
 * {@code java Features.java <server> <reports> [<server> <reports>]…}. The tests of dropbear are a column of their own. Fails where a test
 * belongs to no feature, or did not pass.
 */
final class Features {

    private static final int MOST_COLUMNS = 16;

    /** Which tests show a feature, as Class.method; of several the first counts. */
    private static final Map<String, Pattern> FEATURES = new LinkedHashMap<>();

    static {
        feature("commands", "(Command|CommandEnd|LongCommand|Reuse)IT.*", "commands");
        feature("streams", "StreamIT.*", "streams");
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
        feature("faults, limits, close", "(LostConnection|FrozenHost|FrozenFiles|BusyServer|Eviction|Close)IT.*", "faults");
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
        Features table = new Features();
        for (int i = 0; i + 1 < args.length; i += 2) {
            table.column(args[i], new File(args[i + 1]), test -> !test.startsWith("Dropbear"));
        }
        table.column("dropbear", new File(args[1]), test -> test.startsWith("Dropbear"));
        table.print();
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

    private static String cell(int passed, int ran) {
        return ran == 0 ? "–" : passed == ran ? String.valueOf(ran) : passed + " of " + ran;
    }

    private void print() {
        System.out.println("| | " + String.join(" | ", columns) + " |");
        System.out.println("| --- ".repeat(columns.size() + 1) + "|");
        int[] sums = new int[MOST_COLUMNS];
        for (String feature : FEATURES.keySet()) {
            int[] counts = passed.getOrDefault(feature, new int[MOST_COLUMNS]);
            int[] all = ran.getOrDefault(feature, new int[MOST_COLUMNS]);
            StringBuilder row = new StringBuilder("| " + feature + " |");
            for (int i = 0; i < columns.size(); i++) {
                row.append(' ').append(cell(counts[i], all[i])).append(" |");
                sums[i] += counts[i];
            }
            System.out.println(row);
        }
        StringBuilder row = new StringBuilder("| all |");
        for (int i = 0; i < columns.size(); i++) {
            row.append(' ').append(sums[i]).append(" |");
        }
        System.out.println(row);
    }
}
