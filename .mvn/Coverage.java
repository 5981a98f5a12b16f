import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Prints the totals of a jacoco.csv: {@code java Coverage.java <module> <csv>}. */
final class Coverage {
    public static void main(String[] args) throws Exception {
        Path csv = Path.of(args[1]);
        if (Files.notExists(csv)) {
            System.out.println("Coverage of " + args[0] + ": not measured, no test ran");
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "Coverage of %s: %.1f %% lines, %.1f %% branches%n",
                args[0],
                percentage(csv, "LINE"),
                percentage(csv, "BRANCH"));
    }

    private static double percentage(Path csv, String counter) throws Exception {
        var rows = Files.readAllLines(csv).stream().map(line -> line.split(",")).toList();
        var header = java.util.List.of(rows.get(0));
        int missedAt = header.indexOf(counter + "_MISSED");
        int coveredAt = header.indexOf(counter + "_COVERED");
        long missed = 0;
        long covered = 0;
        for (String[] row : rows.subList(1, rows.size())) {
            missed += Long.parseLong(row[missedAt]);
            covered += Long.parseLong(row[coveredAt]);
        }
        return missed + covered == 0 ? 100 : 100.0 * covered / (missed + covered);
    }
}
