package io.sshpool.impl.config;

import io.sshpool.impl.pool.Targets;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Trust.Checking;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The forms of values that hold no secret: their reasons show the text. */
final class Forms {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})(ms|s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([KMGkmg]?)");
    private static final Pattern HOST_PATTERN = Pattern.compile("[A-Za-z0-9._:%*?-]*");

    /** 32 bytes in base64: the last digit carries four bits only. */
    private static final Pattern FINGERPRINT = Pattern.compile("(SHA256:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048])=?");

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final int LONGEST_USER = 255;

    private Forms() {}

    static int integer(String text) {
        if (text.matches("-?\\d{1,10}")) {
            long value = Long.parseLong(text);
            if (value == (int) value) {
                return (int) value;
            }
        }
        throw not(text, "a whole number");
    }

    static int notNegative(String text) {
        return within(text, 0, Integer.MAX_VALUE);
    }

    static int atLeastOne(String text) {
        return within(text, 1, Integer.MAX_VALUE);
    }

    static int atLeastTwo(String text) {
        return within(text, 2, Integer.MAX_VALUE);
    }

    static int port(String text) {
        return within(text, 1, 65535);
    }

    static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw not(text, "true or false");
        };
    }

    static Duration duration(String text) {
        try {
            Matcher amount = AMOUNT.matcher(text);
            return amount.matches()
                    ? Duration.of(Long.parseLong(amount.group(1)), UNITS.get(amount.group(2)))
                    : Duration.parse(text);
        } catch (DateTimeParseException | ArithmeticException malformed) {
            throw not(text, "a duration such as 500ms, 30s, 15m, 1h, 2d or PT15M");
        }
    }

    static Optional<Duration> durationOrNone(String text) {
        return text.equals("none") ? Optional.empty() : Optional.of(duration(text));
    }

    static Duration positiveDuration(String text) {
        Duration value = duration(text);
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("must be more than zero and at most ten years, is " + value);
        }
        return value;
    }

    static long size(String text) {
        Matcher size = SIZE.matcher(text);
        if (size.matches()) {
            String unit = size.group(2).toUpperCase(Locale.ROOT);
            int shift = unit.isEmpty() ? 0 : 10 * (1 + "KMG".indexOf(unit));
            long amount = Long.parseLong(size.group(1));
            if (amount <= Long.MAX_VALUE >> shift) {
                return amount << shift;
            }
        }
        throw not(text, "a size such as 65536, 512K, 16M or 1G");
    }

    /** A comma list, blank entries kept. */
    static List<String> list(String text) {
        return Stream.of(text.split(",", -1)).map(String::trim).toList();
    }

    static List<String> names(String text) {
        return list(text).stream().filter(name -> !name.isEmpty()).distinct().toList();
    }

    static List<String> hostPatterns(String text) {
        List<String> patterns = list(text);
        for (String pattern : patterns) {
            if (!HOST_PATTERN.matcher(pattern).matches()) {
                throw not(pattern, "a host pattern: only * and ? stand for other characters");
            }
        }
        return patterns;
    }

    static Set<String> fingerprints(String text) {
        Set<String> fingerprints = new LinkedHashSet<>();
        for (String entry : names(text)) {
            Matcher fingerprint = FINGERPRINT.matcher(entry);
            if (!fingerprint.matches()) {
                throw not(entry, "a fingerprint as ssh-keygen -l prints it: SHA256: and 43 characters");
            }
            fingerprints.add(fingerprint.group(1));
        }
        if (fingerprints.isEmpty()) {
            throw not(text, "a list of fingerprints");
        }
        return fingerprints;
    }

    static Checking checking(String text) {
        return switch (text) {
            case "strict" -> Checking.STRICT;
            case "accept-new" -> Checking.ACCEPT_NEW;
            case "insecure-accept-any" -> Checking.INSECURE_ACCEPT_ANY;
            default -> throw not(text, "one of strict, accept-new, insecure-accept-any");
        };
    }

    static String host(String text) {
        return Targets.host(text).orElseThrow(() -> not(text, "a host name or IP address"));
    }

    static String user(String text) {
        if (!text.equals(Text.printable(text, LONGEST_USER))) {
            throw not(text, "a user name");
        }
        return text;
    }

    static Path path(String text) {
        try {
            return text.startsWith("~/") ? Path.of(System.getProperty("user.home"), text.substring(2)) : Path.of(text);
        } catch (InvalidPathException malformed) {
            throw not(text, "a path");
        }
    }

    private static int within(String text, int least, int most) {
        int value = integer(text);
        if (value < least || value > most) {
            String bound = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
            throw new IllegalArgumentException("must be " + bound + ", is " + value);
        }
        return value;
    }

    private static IllegalArgumentException not(String text, String expected) {
        return new IllegalArgumentException("is \"" + Text.printable(text, 64) + "\", not " + expected);
    }
}
