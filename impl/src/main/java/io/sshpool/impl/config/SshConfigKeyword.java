package io.sshpool.impl.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keywords of ssh_config(5) that say something about a target, with the form of their arguments. */
enum SshConfigKeyword {
    HOST_NAME("HostName", Tokens.HOST, text -> text),
    PORT("Port", text -> Integer.toString(Forms.port(text))),
    USER("User", Forms::user),
    IDENTITY_FILE("IdentityFile", Tokens.FILE, text -> text),
    CERTIFICATE_FILE("CertificateFile", Tokens.FILE, text -> text),
    IDENTITY_AGENT("IdentityAgent", Tokens.FILE, SshConfigKeyword::agent),
    IDENTITIES_ONLY("IdentitiesOnly", text -> choice(text, Truths.BY_NAME)),
    USER_KNOWN_HOSTS_FILE("UserKnownHostsFile", Tokens.FILE, text -> text),
    STRICT_HOST_KEY_CHECKING("StrictHostKeyChecking", text -> choice(text, Checks.BY_NAME)),
    CONNECT_TIMEOUT("ConnectTimeout", SshConfigKeyword::time),
    SERVER_ALIVE_INTERVAL("ServerAliveInterval", SshConfigKeyword::time),
    SERVER_ALIVE_COUNT_MAX("ServerAliveCountMax", SshConfigKeyword::count),
    PROXY_JUMP("ProxyJump", SshConfigKeyword::jump);

    /** The value that takes a file or a time-out away. */
    static final String NONE = "none";

    /** The value that takes a limit of time away, or a number. */
    static final String ZERO = "0";

    private static final Pattern TIMES = Pattern.compile("(?:\\d{1,9}[smhdwSMHDW]?)+");
    private static final Pattern TIME = Pattern.compile("(\\d+)([smhdw]?)");
    private static final Map<String, Integer> SECONDS =
            Map.of("", 1, "s", 1, "m", 60, "h", 3600, "d", 86_400, "w", 604_800);

    private final String spelling;
    private final Optional<String> tokens;
    private final Form<String> form;

    SshConfigKeyword(String spelling, Form<String> form) {
        this.spelling = spelling;
        this.tokens = Optional.empty();
        this.form = form;
    }

    SshConfigKeyword(String spelling, String tokens, Form<String> form) {
        this.spelling = spelling;
        this.tokens = Optional.of(tokens);
        this.form = form;
    }

    static Optional<SshConfigKeyword> of(String text) {
        return Stream.of(values())
                .filter(keyword -> keyword.spelling.equalsIgnoreCase(text))
                .findFirst();
    }

    String spelling() {
        return spelling;
    }

    /**
     * The arguments in the form of our own settings, tokens still in them.
     *
     * @throws IllegalArgumentException with the reason
     */
    List<String> read(List<String> arguments) {
        if (arguments.size() > 1 && this != USER_KNOWN_HOSTS_FILE) {
            throw new IllegalArgumentException("has more than one argument");
        }
        if (arguments.contains("")) {
            throw new IllegalArgumentException("has an empty argument");
        }
        if (arguments.size() > 1 && arguments.contains(NONE)) {
            throw new IllegalArgumentException("has none beside another argument");
        }
        arguments.forEach(argument -> tokens.ifPresent(allowed -> SshConfigTokens.check(argument, allowed)));
        return arguments.stream().map(form::parse).toList();
    }

    private static String choice(String text, Map<String, String> values) {
        String value = values.get(text.toLowerCase(Locale.ROOT));
        if (value == null) {
            throw new IllegalArgumentException("is not one of "
                    + String.join(", ", values.keySet().stream().sorted().toList()));
        }
        return value;
    }

    private static String agent(String text) {
        if (text.startsWith("$") && !text.equals("$SSH_AUTH_SOCK")) {
            throw new IllegalArgumentException("is a variable other than SSH_AUTH_SOCK, which is not supported");
        }
        return text;
    }

    private static String jump(String text) {
        return text.equalsIgnoreCase(NONE) ? NONE : text;
    }

    /** Seconds, or amounts such as {@code 1m30s} (sshd_config(5), TIME FORMATS). */
    private static String time(String text) {
        if (text.equals(NONE)) {
            return NONE;
        }
        if (!TIMES.matcher(text).matches()) {
            throw new IllegalArgumentException("is not a time such as 10, 30s or 1m30s");
        }
        long seconds = 0;
        Matcher part = TIME.matcher(text.toLowerCase(Locale.ROOT));
        while (part.find()) {
            seconds += Long.parseLong(part.group(1)) * SECONDS.get(part.group(2));
        }
        return seconds == 0 ? ZERO : Duration.ofSeconds(seconds).toString();
    }

    // The heartbeat has no question in its first interval, so that its least is two.
    private static String count(String text) {
        int count = Forms.notNegative(text);
        return count == 0 ? ZERO : Integer.toString(Math.max(2, count));
    }

    /** What may stand after a per cent sign. */
    private static final class Tokens {
        static final String HOST = "%h";
        static final String FILE = "%dhknpru";
    }

    private static final class Truths {
        static final Map<String, String> BY_NAME =
                Map.of("yes", "true", "true", "true", "no", "false", "false", "false");
    }

    private static final class Checks {
        private static final String ANY = "insecure-accept-any";
        static final Map<String, String> BY_NAME = Map.of(
                "yes", "strict",
                "true", "strict",
                "ask", "strict",
                "accept-new", "accept-new",
                "no", ANY,
                "false", ANY,
                "off", ANY);
    }
}
