package io.sshpool.impl.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands for something else in the arguments of ssh_config(5): {@code ~/}, and letters after a per cent sign. */
final class SshConfigTokens {

    private static final Pattern TOKEN = Pattern.compile("%(.?)", Pattern.DOTALL);

    private SshConfigTokens() {}

    /**
     * Checks that all can be replaced.
     *
     * @throws IllegalArgumentException with the reason
     */
    static void check(String text, String allowed) {
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            if (token.group(1).isEmpty() || allowed.indexOf(token.group(1).charAt(0)) < 0) {
                throw new IllegalArgumentException("has " + token.group() + ", which is not supported");
            }
        }
        if (text.startsWith("~") && !text.equals("~") && !text.startsWith("~/")) {
            throw new IllegalArgumentException("begins at the home of another user, which is not supported");
        }
        if (text.contains("${")) {
            throw new IllegalArgumentException("has ${…}, which is not supported");
        }
    }

    static String expand(String text, Map<String, String> values) {
        return TOKEN.matcher(text).replaceAll(token -> Matcher.quoteReplacement(values.get(token.group(1))));
    }

    /** A path with the home of the user in the place of a tilde. */
    static String home(String path) {
        String home = System.getProperty("user.home");
        return path.equals("~") ? home : path.startsWith("~/") ? home + path.substring(1) : path;
    }
}
