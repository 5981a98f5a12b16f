package io.sshpool.it.suite;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says of the check named {@code sshpool}.
 *
 * @param http 200 or 503
 * @param status {@code UP} or {@code DOWN}
 * @param data texts and, as {@code Long}, numbers
 * @param json the whole answer
 */
record ReadinessAnswer(int http, String status, Map<String, Object> data, String json) {

    private static final Pattern CHECK = Pattern.compile("\\{(?:[^{}]|\\{[^{}]*})*}");
    private static final Pattern DATA = Pattern.compile("\"data\"\\s*:\\s*\\{([^{}]*)}");
    private static final Pattern STATUS = Pattern.compile("\"status\"\\s*:\\s*\"(UP|DOWN)\"");
    private static final Pattern ENTRY = Pattern.compile("\"([^\"]+)\"\\s*:\\s*(?:\"([^\"]*)\"|(\\d+))\\s*(?:,|$)");

    static ReadinessAnswer of(HttpResponse<String> answer) {
        String json = answer.body();
        String checks = json.substring(Math.max(0, json.indexOf('[')));
        String check = CHECK.matcher(checks)
                .results()
                .map(found -> found.group())
                .filter(found -> found.matches("(?s).*\"name\"\\s*:\\s*\"sshpool\".*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no check named sshpool in " + json));
        Map<String, Object> data = new TreeMap<>();
        Matcher block = DATA.matcher(check);
        if (block.find()) {
            ENTRY.matcher(block.group(1)).results().forEach(entry -> data.put(entry.group(1), value(entry)));
        }
        Matcher status = STATUS.matcher(check);
        if (!status.find()) {
            throw new AssertionError("no status in " + check);
        }
        return new ReadinessAnswer(answer.statusCode(), status.group(1), data, json);
    }

    private static Object value(MatchResult entry) {
        return entry.group(3) == null ? entry.group(2) : Long.valueOf(entry.group(3));
    }

    /** A number, whatever the server writes it as. */
    int number(String name) {
        return Integer.parseInt(String.valueOf(data.get(name)));
    }

    boolean isUp() {
        return status.equals("UP") && http == 200;
    }
}
