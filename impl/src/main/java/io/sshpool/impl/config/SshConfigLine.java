package io.sshpool.impl.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of ssh_config(5).
 *
 * @param keyword as it is written
 * @param arguments at least one, without quotes and escapes
 */
record SshConfigLine(String keyword, List<String> arguments) {

    private static final Pattern EMPTY = Pattern.compile("\\s*(#.*)?");
    private static final Pattern FORM =
            Pattern.compile("\\s*(?<keyword>[A-Za-z][A-Za-z0-9]{0,40})(?:[ \\t]*=|[ \\t]|$)[ \\t]*(?<rest>.*)");

    /**
     * Takes a line apart as ssh does.
     *
     * @throws IllegalArgumentException with the reason, which shows nothing of the line: the file may be another than was meant
     */
    static Optional<SshConfigLine> parse(String line) {
        if (EMPTY.matcher(line).matches()) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(line.stripTrailing());
        if (!form.matches()) {
            throw new IllegalArgumentException("is no keyword with arguments");
        }
        List<String> arguments = new Words(form.group("rest")).read();
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("has no argument after the keyword");
        }
        return Optional.of(new SshConfigLine(form.group("keyword"), arguments));
    }

    /** Splits at blanks outside of quotes; a word that begins with # ends the line. */
    private static final class Words {
        private static final char NONE = 0;

        private final String text;
        private final List<String> words = new ArrayList<>();
        private int at;

        Words(String text) {
            this.text = text;
        }

        List<String> read() {
            while (at < text.length() && text.charAt(at) != '#') {
                if (isBlank(text.charAt(at))) {
                    at++;
                } else {
                    words.add(word());
                }
            }
            return List.copyOf(words);
        }

        private String word() {
            StringBuilder word = new StringBuilder();
            char quote = NONE;
            for (; at < text.length(); at++) {
                char next = text.charAt(at);
                if (next == '\\' && isEscapable(quote)) {
                    word.append(text.charAt(++at));
                } else if (quote == NONE && isBlank(next)) {
                    break;
                } else if (quote == NONE && (next == '"' || next == '\'')) {
                    quote = next;
                } else if (quote != NONE && next == quote) {
                    quote = NONE;
                } else {
                    word.append(next);
                }
            }
            if (quote != NONE) {
                throw new IllegalArgumentException("has a quotation mark without its other half");
            }
            return word.toString();
        }

        private boolean isEscapable(char quote) {
            char next = at + 1 < text.length() ? text.charAt(at + 1) : NONE;
            return next == '\'' || next == '"' || next == '\\' || (next == ' ' && quote == NONE);
        }

        private static boolean isBlank(char character) {
            return character == ' ' || character == '\t';
        }
    }
}
