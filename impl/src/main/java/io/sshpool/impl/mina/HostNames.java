package io.sshpool.impl.mina;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The first field of a known_hosts line: names, patterns, or one hashed name (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
sealed interface HostNames {

    /** Whether a name, {@code host} or {@code [host]:port} in lower case, is meant. */
    boolean match(String name);

    /** Reads the field; empty when it cannot be understood. */
    static Optional<HostNames> parse(String field) {
        return field.startsWith("|") ? Hashed.parse(field) : Patterns.parse(field);
    }

    /** How a host is written in the file. */
    static String name(String host, int port) {
        return port == 22 ? host : "[" + host + "]:" + port;
    }

    /** Names with {@code *}, {@code ?} and {@code !}; one negated pattern that matches excludes the whole line. */
    record Patterns(List<String> patterns) implements HostNames {

        // OpenSSH does not look at longer ones.
        private static final int LONGEST = 1024;

        static Optional<HostNames> parse(String field) {
            List<String> patterns = Arrays.asList(field.toLowerCase(Locale.ROOT).split(",", -1));
            boolean sane = patterns.stream().allMatch(p -> p.length() < LONGEST);
            return sane ? Optional.of(new Patterns(patterns)) : Optional.empty();
        }

        @Override
        public boolean match(String name) {
            boolean found = false;
            for (String pattern : patterns) {
                boolean negated = pattern.startsWith("!");
                if (glob(negated ? pattern.substring(1) : pattern, name)) {
                    if (negated) {
                        return false;
                    }
                    found = true;
                }
            }
            return found;
        }

        /** Goes back to the last star only, so that no pattern takes exponential time. */
        private static boolean glob(String pattern, String name) {
            int p = 0;
            int n = 0;
            int star = -1;
            int resume = 0;
            while (n < name.length()) {
                char c = p < pattern.length() ? pattern.charAt(p) : 0;
                if (c == '*') {
                    star = p++;
                    resume = n;
                } else if (c != 0 && (c == '?' || c == name.charAt(n))) {
                    p++;
                    n++;
                } else if (star >= 0) {
                    p = star + 1;
                    n = ++resume;
                } else {
                    return false;
                }
            }
            while (p < pattern.length() && pattern.charAt(p) == '*') {
                p++;
            }
            return p == pattern.length();
        }
    }

    /** {@code |1|salt|hash}: HMAC-SHA1 of one name, as {@code HashKnownHosts} writes it. */
    record Hashed(byte[] salt, byte[] hash) implements HostNames {

        private static final int LENGTH = 20;

        static Optional<HostNames> parse(String field) {
            String[] parts = field.split("\\|", -1);
            if (parts.length != 4 || !parts[1].equals("1")) {
                return Optional.empty();
            }
            try {
                Hashed hashed = new Hashed(
                        Base64.getDecoder().decode(parts[2]),
                        Base64.getDecoder().decode(parts[3]));
                boolean sane = hashed.salt.length == LENGTH && hashed.hash.length == LENGTH;
                return sane ? Optional.of(hashed) : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        @Override
        public boolean match(String name) {
            try {
                Mac mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(salt, "HmacSHA1"));
                return MessageDigest.isEqual(hash, mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
