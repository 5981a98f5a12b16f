package io.sshpool.testkit;

import java.util.HashSet;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;

/**
 * Settings as system properties: a source of every implementation of MicroProfile Config, whichever class loader it lives in, and before the
 * files of the application.
 */
final class PublishedSettings {

    private final Map<String, String> settings;

    private PublishedSettings(Map<String, String> settings) {
        this.settings = settings;
    }

    static PublishedSettings publish(Map<String, String> settings) {
        synchronized (PublishedSettings.class) {
            for (String key : settings.keySet()) {
                if (System.getProperty(key) != null) {
                    throw new IllegalStateException("the system property " + key
                            + " is set already: another scripted server serves that target; share one server (builder().shared()), or name"
                            + " another target");
                }
            }
            settings.forEach(System::setProperty);
            refreshNames(settings.keySet(), true);
            return new PublishedSettings(settings);
        }
    }

    void withdraw() {
        synchronized (PublishedSettings.class) {
            settings.keySet().forEach(System::clearProperty);
            refreshNames(settings.keySet(), false);
        }
    }

    // A Config reads values anew, but may remember names, those of an earlier test class included: the next application
    // needs another.
    private static void refreshNames(Set<String> changed, boolean present) {
        Config config = ConfigProvider.getConfig();
        Set<String> known = new HashSet<>();
        config.getPropertyNames().forEach(known::add);
        if (changed.stream().anyMatch(name -> known.contains(name) != present)) {
            renew(config);
        }
    }

    private static void renew(Config config) {
        ConfigProviderResolver resolver = ConfigProviderResolver.instance();
        resolver.releaseConfig(config);
        try {
            ConfigProvider.getConfig();
        } catch (RuntimeException | ServiceConfigurationError e) {
            // Quarkus makes its own, anew with each application, and lets nobody else make one.
            resolver.registerConfig(config, Thread.currentThread().getContextClassLoader());
        }
    }
}
