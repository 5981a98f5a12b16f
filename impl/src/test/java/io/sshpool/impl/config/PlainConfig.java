package io.sshpool.impl.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;

/** A configuration of one map, without converters, expressions or an environment. */
final class PlainConfig implements Config {

    private final Map<String, String> values;

    private PlainConfig(Map<String, String> values) {
        this.values = values;
    }

    /** Lines of {@code key=value}. */
    static PlainConfig of(String... lines) {
        return new PlainConfig(Map.of()).with(lines);
    }

    /** A view of values that may change. */
    static PlainConfig over(Map<String, String> values) {
        return new PlainConfig(values);
    }

    Map<String, String> values() {
        return Map.copyOf(values);
    }

    PlainConfig with(String... lines) {
        Map<String, String> more = new HashMap<>(values);
        for (String line : lines) {
            int equals = line.indexOf('=');
            more.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return new PlainConfig(more);
    }

    @Override
    public <T> T getValue(String name, Class<T> type) {
        return getOptionalValue(name, type).orElseThrow(NoSuchElementException::new);
    }

    @Override
    public ConfigValue getConfigValue(String name) {
        return new PlainValue(name, values.get(name));
    }

    @Override
    public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
        return Optional.ofNullable(values.get(name))
                .filter(value -> !value.isEmpty())
                .map(type::cast);
    }

    @Override
    public Iterable<String> getPropertyNames() {
        return values.keySet();
    }

    @Override
    public Iterable<ConfigSource> getConfigSources() {
        return List.of(new PlainSource(values));
    }

    @Override
    public <T> Optional<Converter<T>> getConverter(Class<T> type) {
        return Optional.empty();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        throw new IllegalArgumentException();
    }

    private record PlainSource(Map<String, String> values) implements ConfigSource {
        @Override
        public Set<String> getPropertyNames() {
            return values.keySet();
        }

        @Override
        public String getValue(String name) {
            return values.get(name);
        }

        @Override
        public String getName() {
            return "plain";
        }
    }

    private record PlainValue(String name, String value) implements ConfigValue {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getValue() {
            return value;
        }

        @Override
        public String getRawValue() {
            return value;
        }

        @Override
        public String getSourceName() {
            return "plain";
        }

        @Override
        public int getSourceOrdinal() {
            return 100;
        }
    }
}
