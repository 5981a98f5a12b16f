package io.sshpool.impl.pool;

import java.util.Locale;

/**
 * A pattern of hosts: {@code *} stands for any characters, {@code ?} for one. A pattern of an IPv4 address matches such
 * addresses only: {@code 10.0.0.*} must not let {@code 10.0.0.example.org} in.
 */
final class HostPattern {

    private final String pattern;
    private final boolean numeric;

    HostPattern(String pattern) {
        this.pattern = pattern.toLowerCase(Locale.ROOT);
        numeric = pattern.matches("[0-9.*?]*[0-9][0-9.*?]*");
    }

    /**
     * Whether a host is one of these. Takes time in proportion to both lengths, as hosts may come from user input.
     *
     * @param host in lower case
     */
    boolean matches(String host) {
        return (!numeric || host.matches("[0-9.]+")) && matchesText(host);
    }

    private boolean matchesText(String host) {
        int at = 0;
        int star = -1;
        int resume = 0;
        int i = 0;
        while (i < host.length()) {
            char wanted = at < pattern.length() ? pattern.charAt(at) : 0;
            if (wanted == '*') {
                star = at++;
                resume = i;
            } else if (wanted == '?' || wanted == host.charAt(i)) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++resume;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
