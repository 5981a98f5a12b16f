package io.sshpool.impl.pool;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Target;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern SPELLED = Pattern.compile("(?<user>[A-Za-z0-9_][A-Za-z0-9._$+-]*)"
            + "@(?:\\[(?<v6>[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?)]|(?<host>[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?))"
            + "(?::(?<port>[0-9]{1,5}))?");

    private final Map<String, Target> aliases;
    private final Map<String, Target> byAddress = new ConcurrentHashMap<>();
    private final Map<String, Target> spelled = new ConcurrentHashMap<>();
    private final TargetDefaults defaults;
    private final List<Pattern> allowedHosts;

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
        this.allowedHosts = allowedHosts.stream().map(Targets::glob).toList();
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
        Matcher matcher = SPELLED.matcher(key);
        return ALIAS.matcher(key).matches() || (matcher.matches() && hasValidPort(matcher));
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
        spelled.values().removeIf(target::equals);
        byAddress.remove(target.name());
    }

    private Target parse(String key) {
        Matcher matcher = key.length() > LONGEST_KEY ? null : SPELLED.matcher(key);
        if (matcher == null || !matcher.matches() || !hasValidPort(matcher)) {
            throw new SshConfigException(explain(key));
        }
        String user = matcher.group("user");
        String host =
                (matcher.group("host") == null ? matcher.group("v6") : matcher.group("host")).toLowerCase(Locale.ROOT);
        int port = matcher.group("port") == null ? defaults.port() : Integer.parseInt(matcher.group("port"));
        Target target = new Target(
                "", false, user, host, port, defaults.trust(), defaults.limits(), defaults.legacyAlgorithms(), false);
        String address = user + "@" + target.server();
        Target alias = aliasAt(user, host, port, address);
        if (alias != null) {
            return alias;
        }
        if (!allowedHosts.isEmpty()
                && allowedHosts.stream().noneMatch(p -> p.matcher(host).matches())) {
            throw new SshConfigException("host " + host + " is not among sshpool.allowed-hosts");
        }
        Target found = byAddress.computeIfAbsent(
                address,
                name -> new Target(
                        name,
                        false,
                        user,
                        host,
                        port,
                        defaults.trust(),
                        defaults.limits(),
                        defaults.legacyAlgorithms(),
                        false));
        spelled.put(key, found);
        return found;
    }

    private Target aliasAt(String user, String host, int port, String address) {
        List<Target> same = aliases.values().stream()
                .filter(t ->
                        t.port() == port && t.user().equals(user) && t.host().equals(host))
                .toList();
        if (same.size() > 1) {
            throw new SshConfigException(address + " is the address of several targets: "
                    + same.stream().map(Target::name).collect(Collectors.joining(", ")) + "; use one of these names");
        }
        return same.isEmpty() ? null : same.get(0);
    }

    private String explain(String key) {
        if (ALIAS.matcher(key).matches() && key.length() <= 64) {
            String known = aliases.isEmpty() ? "none" : String.join(", ", aliases.keySet());
            return "no target is named " + key + "; set sshpool.target." + key
                    + ".host, or use user@host[:port] (known: "
                    + (known.length() > 400 ? known.substring(0, 400) + "…" : known) + ")";
        }
        return "malformed target key \"" + Text.printable(key, 64) + "\"; use an alias or user@host[:port]";
    }

    private static boolean hasValidPort(Matcher matcher) {
        String port = matcher.group("port");
        return port == null || (Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65535);
    }

    private static Pattern glob(String pattern) {
        String regex = pattern.toLowerCase(Locale.ROOT)
                .chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf((char) c)))
                .collect(Collectors.joining());
        return Pattern.compile(regex);
    }
}
