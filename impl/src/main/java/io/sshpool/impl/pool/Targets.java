package io.sshpool.impl.pool;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the target of a key: an alias, or {@code user@host[:port]}. Thread-safe. Keys may come from user input: what does not
 * parse is refused before anything is looked up, and what was spelled out once is remembered only until {@link #forget}.
 */
public final class Targets {

    private static final int LONGEST_KEY = 320;
    private static final int LONGEST_HOST = 253;
    private static final String HOST = "[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?";
    private static final String IPV6 = "[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9]+)?";
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern SPELLED = Pattern.compile("(?<user>[A-Za-z0-9_][A-Za-z0-9._$+-]*)" + "@(?:\\[(?<v6>"
            + IPV6 + ")]|(?<host>" + HOST + "))(?::(?<port>[0-9]{1,5}))?");
    private static final Pattern ANY_HOST =
            Pattern.compile("\\[(?<bracketed>" + IPV6 + ")]|(?<bare>" + IPV6 + "|" + HOST + ")");

    private final Map<String, Target> aliases;
    private final Map<String, Target> spelled = new ConcurrentHashMap<>();
    private final TargetDefaults defaults;
    private final List<HostPattern> allowedHosts;

    /**
     * A directory of targets.
     *
     * @param aliases the targets that configuration names
     * @param defaults for spelled-out targets
     * @param allowedHosts patterns of which a spelled-out host must match one, empty for any
     */
    public Targets(Collection<Target> aliases, TargetDefaults defaults, List<String> allowedHosts) {
        this.aliases = aliases.stream().collect(Collectors.toMap(Target::name, t -> t, (a, b) -> a, TreeMap::new));
        this.defaults = defaults;
        this.allowedHosts = allowedHosts.stream().map(HostPattern::new).toList();
    }

    /**
     * Whether a text has the form of a key, so that a malformed one can be refused long before it is used.
     *
     * @param key an alias or a spelled-out target
     * @return false when {@link #find} would refuse it whatever is configured
     */
    public static boolean isWellFormed(String key) {
        if (key.length() > LONGEST_KEY) {
            return false;
        }
        return ALIAS.matcher(key).matches() || isSpelledOut(SPELLED.matcher(key));
    }

    /**
     * The host of a setting, in the form in which targets have it.
     *
     * @param text a host name or an IP address, an IPv6 one with or without brackets
     * @return in lower case without brackets, empty when it is malformed
     */
    public static Optional<String> host(String text) {
        Matcher matcher = ANY_HOST.matcher(text.length() > LONGEST_KEY ? "" : text);
        return matcher.matches()
                ? Optional.of(first(matcher, "bracketed", "bare")).filter(host -> host.length() <= LONGEST_HOST)
                : Optional.empty();
    }

    /**
     * The targets that configuration names.
     *
     * @return in the order of their names
     */
    public Collection<Target> aliases() {
        return aliases.values();
    }

    /**
     * The target of a key; equal keys give the same target while it is remembered.
     *
     * @param key an alias or a spelled-out target
     * @return the target
     * @throws SshConfigException when there is none, or it is not allowed
     */
    public Target find(String key) {
        Target known = aliases.get(key);
        if (known == null) {
            known = spelled.get(key);
        }
        return known == null ? parse(key) : known;
    }

    /**
     * Forgets a spelled-out target.
     *
     * @param target no longer in use
     */
    void forget(Target target) {
        spelled.remove(target.name());
        spelled.remove(shortForm(target));
    }

    private Target parse(String key) {
        Matcher matcher = SPELLED.matcher(key.length() > LONGEST_KEY ? "" : key);
        if (!isSpelledOut(matcher)) {
            throw new SshConfigException(explain(key));
        }
        String host = first(matcher, "v6", "host");
        int port = matcher.group("port") == null ? defaults.port() : Integer.parseInt(matcher.group("port"));
        Target target = spelledOut(matcher.group("user"), host, port);
        Target alias = aliasAt(target);
        if (alias != null) {
            return alias;
        }
        if (!allowedHosts.isEmpty() && allowedHosts.stream().noneMatch(pattern -> pattern.matches(host))) {
            throw new SshConfigException("host " + host + " is not among sshpool.allowed-hosts");
        }
        return remember(key, target);
    }

    /** Under two keys at most: an address can be spelled in thousands of ways, and all of them may come from user input. */
    private Target remember(String key, Target target) {
        Target first = spelled.putIfAbsent(target.name(), target);
        Target remembered = first == null ? target : first;
        if (key.equals(shortForm(remembered))) {
            spelled.put(key, remembered);
        }
        return remembered;
    }

    private Target spelledOut(String user, String host, int port) {
        Trust trust = defaults.trust();
        boolean legacy = defaults.legacyAlgorithms();
        Target nameless = new Target("", false, user, host, port, trust, defaults.limits(), legacy, false);
        String name = user + "@" + nameless.server();
        return new Target(name, false, user, host, port, trust, defaults.limits(), legacy, false, defaults.jump());
    }

    /** The name without the port where that is the default one. */
    private String shortForm(Target target) {
        String name = target.name();
        return target.port() == defaults.port() ? name.substring(0, name.lastIndexOf(':')) : name;
    }

    private Target aliasAt(Target target) {
        List<Target> same = aliases.values().stream()
                .filter(t -> t.user().equals(target.user()) && t.server().equals(target.server()))
                .toList();
        if (same.size() > 1) {
            throw new SshConfigException(target.name() + " is the address of several targets: "
                    + same.stream().map(Target::name).collect(Collectors.joining(", ")) + "; use one of these names");
        }
        return same.isEmpty() ? null : same.get(0);
    }

    private String explain(String key) {
        if (ALIAS.matcher(key).matches() && key.length() <= 64) {
            String known = aliases.isEmpty() ? "none" : String.join(", ", aliases.keySet());
            return "no target is named " + key + "; set sshpool.target." + key
                    + ".host (from the environment alone: name it in sshpool.targets, too), or use user@host[:port] (known: "
                    + (known.length() > 400 ? known.substring(0, 400) + "…" : known) + ")";
        }
        return "malformed target key \"" + Text.printable(key, 64) + "\"; use an alias or user@host[:port]";
    }

    private static boolean isSpelledOut(Matcher matcher) {
        return matcher.matches()
                && first(matcher, "v6", "host").length() <= LONGEST_HOST
                && (matcher.group("port") == null || isPort(Integer.parseInt(matcher.group("port"))));
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65535;
    }

    private static String first(Matcher matcher, String group, String other) {
        String found = matcher.group(group) == null ? matcher.group(other) : matcher.group(group);
        return found.toLowerCase(Locale.ROOT);
    }
}
