package io.sshpool.impl.config;

import java.util.List;
import java.util.regex.Pattern;

/** The patterns of a {@code Host} line, of which one must match and none that begins with {@code !} may. */
record SshConfigHost(List<String> patterns) {

    /** {@code Match all}. */
    static final SshConfigHost ALL = new SshConfigHost(List.of("*"));

    /** A condition that is never met: what it guards is not taken. */
    static final SshConfigHost NONE = new SshConfigHost(List.of());

    /** The patterns that stand for one host alone. */
    List<String> names() {
        return patterns.stream()
                .filter(pattern -> !pattern.startsWith("!") && !hasWildcard(pattern))
                .toList();
    }

    boolean matches(String name) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, name))
                && patterns.stream()
                        .noneMatch(pattern -> pattern.startsWith("!") && matches(pattern.substring(1), name));
    }

    static boolean hasWildcard(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }

    /** Whether a text matches a pattern, in which {@code *} stands for any characters and {@code ?} for one. */
    static boolean matches(String pattern, String text) {
        String regex = pattern.chars()
                .mapToObj(character -> switch (character) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(character));
                })
                .reduce("", String::concat);
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }
}
