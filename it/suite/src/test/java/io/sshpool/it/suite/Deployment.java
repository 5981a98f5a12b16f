package io.sshpool.it.suite;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server is started with.
 *
 * @param properties system properties of the server
 * @param environment variables besides the inherited ones
 * @param classes added to the application
 * @param sample whether the application is the sample application, and not these classes alone
 */
public record Deployment(
        Map<String, String> properties, Map<String, String> environment, List<Class<?>> classes, boolean sample) {

    /** Copies. */
    public Deployment {
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
        classes = List.copyOf(classes);
    }

    /** The sample application as it is. */
    public static Deployment with(Map<String, String> properties) {
        return new Deployment(properties, Map.of(), List.of(), true);
    }

    /** With one system property more. */
    public Deployment property(String name, String value) {
        return new Deployment(plus(properties, name, value), environment, classes, sample);
    }

    /** With one variable more. */
    public Deployment variable(String name, String value) {
        return new Deployment(properties, plus(environment, name, value), classes, sample);
    }

    /** With these classes, too. */
    public Deployment classes(Class<?>... more) {
        return new Deployment(properties, environment, List.of(more), sample);
    }

    /** With an application of nothing but this class, which servers that take a WAR can be given. */
    public Deployment only(Class<?> application) {
        return new Deployment(properties, environment, List.of(application), false);
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> more = new TreeMap<>(map);
        more.put(name, value);
        return more;
    }
}
