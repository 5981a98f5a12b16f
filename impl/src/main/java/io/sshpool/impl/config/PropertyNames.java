package io.sshpool.impl.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/**
 * The names under {@code sshpool.} that somebody wrote.
 *
 * <p>Servers list environment variables raw ({@code SSHPOOL_TARGET_WEB_1_HOST}), some of them with a guess at the name as well
 * ({@code sshpool.target.web[1]host}). As an underscore may stand for anything, guesses are no names: the aliases of the
 * environment are those of {@code sshpool.targets}.
 */
final class PropertyNames {

    private final List<Set<String>> sources;

    private PropertyNames(List<Set<String>> sources) {
        this.sources = sources;
    }

    static SortedSet<String> written(Config config) {
        Set<String> all = set(config.getPropertyNames());
        Set<String> variables = all.stream()
                .filter(name -> name.matches("(?i)sshpool_\\w*"))
                .map(name -> name.toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        PropertyNames names = new PropertyNames(
                variables.isEmpty()
                        ? List.of()
                        : StreamSupport.stream(config.getConfigSources().spliterator(), false)
                                .map(source -> set(source.getPropertyNames()))
                                .toList());
        return all.stream()
                .filter(name -> name.startsWith(PoolKey.PREFIX))
                .filter(name -> !variables.contains(variable(name)) || names.isWritten(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a source has the name that does not have it as a variable, alone or for a profile. */
    private boolean isWritten(String name) {
        return sources.stream()
                .filter(source -> source.stream().noneMatch(other -> isVariable(other, name)))
                .anyMatch(source -> source.stream()
                        .anyMatch(
                                other -> other.equals(name) || (other.startsWith("%") && other.endsWith("." + name))));
    }

    private static boolean isVariable(String other, String name) {
        return other.indexOf('.') < 0 && other.equalsIgnoreCase(variable(name));
    }

    /** The environment variable of a name (MicroProfile Config 3.1, 5.3.1). */
    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static Set<String> set(Iterable<String> names) {
        Set<String> set = new HashSet<>();
        names.forEach(set::add);
        return set;
    }
}
