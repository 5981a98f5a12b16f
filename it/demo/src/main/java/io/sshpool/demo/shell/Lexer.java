package io.sshpool.demo.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads shell text piece by piece, as the shell runs it: so {@code $?} is that of the command before. Knows quotes, variables,
 * {@code | ; && ||}, and sending one stream to the other or to {@code /dev/null}.
 */
final class Lexer {

    /** What ended a command. */
    enum Operator {
        PIPE("|"),
        AND("&&"),
        OR("||"),
        THEN(";"),
        END("");

        private final String text;

        Operator(String text) {
            this.text = text;
        }
    }

    /** Where a command's streams go. */
    record Redirections(To out, To err) {

        static final Redirections NONE = new Redirections(To.OUT, To.ERR);

        enum To {
            OUT,
            ERR,
            NOWHERE
        }
    }

    /** One command, up to the operator after it. */
    record Stage(List<String> words, Redirections redirections, Operator operator) {}

    private final String text;
    private final UnaryOperator<String> variables;
    private int at;

    Lexer(String text, UnaryOperator<String> variables) {
        this.text = text;
        this.variables = variables;
    }

    Stage next() throws SyntaxException {
        List<String> words = new ArrayList<>();
        Redirections redirections = Redirections.NONE;
        while (true) {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
            Operator operator = operator();
            if (operator != null) {
                if (words.isEmpty() && operator != Operator.END && operator != Operator.THEN) {
                    throw new SyntaxException("syntax error near '" + operator.text + "'");
                }
                return new Stage(List.copyOf(words), redirections, operator);
            }
            Redirections redirected = redirection(redirections);
            if (redirected != null) {
                redirections = redirected;
            } else {
                words.add(word());
            }
        }
    }

    private Operator operator() {
        if (at >= text.length()) {
            return Operator.END;
        }
        for (Operator operator : List.of(Operator.AND, Operator.OR, Operator.PIPE, Operator.THEN)) {
            if (take(operator.text)) {
                return operator;
            }
        }
        return take("\n") ? Operator.THEN : null;
    }

    private Redirections redirection(Redirections now) {
        if (take("2>&1")) {
            return new Redirections(now.out(), now.out());
        }
        if (take(">&2") || take("1>&2")) {
            return new Redirections(now.err(), now.err());
        }
        if (take("2>/dev/null") || take("2> /dev/null")) {
            return new Redirections(now.out(), Redirections.To.NOWHERE);
        }
        if (take(">/dev/null") || take("> /dev/null")) {
            return new Redirections(Redirections.To.NOWHERE, now.err());
        }
        return null;
    }

    private boolean take(String expected) {
        boolean found = text.startsWith(expected, at);
        if (found) {
            at += expected.length();
        }
        return found;
    }

    private String word() throws SyntaxException {
        StringBuilder word = new StringBuilder();
        while (at < text.length() && " \t\n|;".indexOf(text.charAt(at)) < 0 && !text.startsWith("&&", at)) {
            char c = text.charAt(at++);
            switch (c) {
                case '\'' -> word.append(upTo('\''));
                case '"' -> word.append(expanded(upTo('"')));
                case '\\' -> word.append(at < text.length() ? text.charAt(at++) : c);
                case '$' -> word.append(variable());
                case '>', '<', '&', '`', '(', ')' -> throw new SyntaxException("'" + c + "' is not supported here");
                default -> word.append(c);
            }
        }
        return word.toString();
    }

    private String upTo(char quote) throws SyntaxException {
        int end = text.indexOf(quote, at);
        if (end < 0) {
            throw new SyntaxException("unterminated quoted string");
        }
        String quoted = text.substring(at, end);
        at = end + 1;
        return quoted;
    }

    private String expanded(String quoted) throws SyntaxException {
        Lexer inner = new Lexer(quoted, variables);
        StringBuilder result = new StringBuilder();
        while (inner.at < quoted.length()) {
            char c = quoted.charAt(inner.at++);
            result.append(c == '$' ? inner.variable() : String.valueOf(c));
        }
        return result.toString();
    }

    private String variable() throws SyntaxException {
        if (take("?")) {
            return variables.apply("?");
        }
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (start == at && take("(")) {
            throw new SyntaxException("'$(' is not supported here");
        }
        return start == at ? "$" : variables.apply(text.substring(start, at));
    }
}
