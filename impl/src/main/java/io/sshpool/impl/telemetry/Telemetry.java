package io.sshpool.impl.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.sshpool.PoolConfig;
import io.sshpool.spi.PoolListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way to OpenTelemetry for those who must do without it. No signature names a class of its API, so this class can be loaded where
 * that API is missing.
 */
public final class Telemetry {

    private static final String API = "io.opentelemetry.api.OpenTelemetry";

    private Telemetry() {}

    /**
     * Listeners that trace and measure. There are none where the API cannot be loaded, or where nobody would see what they do: then
     * nothing is added to what the pool costs. There are none either where OpenTelemetry is broken, and the log has a line.
     *
     * @param bean finds an object of the API's type that the application or its container made; else the global one is used
     * @param propagates whether a command gets the context of its span in its environment
     * @param showsCommandText whether a command's text is shown on its span
     * @param config of the pool
     * @return none, one for traces, one for metrics, or both
     */
    public static List<PoolListener> listeners(
            Function<Class<?>, Optional<?>> bean, boolean propagates, boolean showsCommandText, PoolConfig config) {
        return listeners(bean, propagates, showsCommandText, config, Log.ofPlatform());
    }

    static List<PoolListener> listeners(
            Function<Class<?>, Optional<?>> bean,
            boolean propagates,
            boolean showsCommandText,
            PoolConfig config,
            Log log) {
        try {
            Class<?> api = Class.forName(API, false, Telemetry.class.getClassLoader());
            return Present.listeners(bean.apply(api), propagates, showsCommandText, config);
        } catch (ClassNotFoundException | LinkageError absent) {
            return List.of();
        } catch (RuntimeException broken) {
            // two beans, a producer that throws: no reason not to serve the application
            log.write(LogEvent.TELEMETRY_FAILED, Failure.types(broken));
            return List.of();
        }
    }

    /** Loaded only where the API is. */
    private static final class Present {

        private static List<PoolListener> listeners(
                Optional<?> bean, boolean propagates, boolean showsCommandText, PoolConfig config) {
            OpenTelemetry openTelemetry = bean.map(OpenTelemetry.class::cast).orElseGet(Present::global);
            List<PoolListener> listeners = new ArrayList<>();
            if (openTelemetry.getTracerProvider() != TracerProvider.noop()) {
                listeners.add(new TracingListener(openTelemetry, propagates, showsCommandText));
            }
            metrics(openTelemetry, config).ifPresent(listeners::add);
            return listeners;
        }

        /** Some servers have traces only: the classes of metrics are missing there. */
        private static Optional<PoolListener> metrics(OpenTelemetry openTelemetry, PoolConfig config) {
            try {
                return MetricsListener.of(openTelemetry, config);
            } catch (LinkageError tracesOnly) {
                return Optional.empty();
            }
        }

        private static OpenTelemetry global() {
            try {
                return GlobalOpenTelemetry.getOrNoop();
            } catch (NoSuchMethodError older) {
                // To ask an older one would set it for good, before the application might.
                return OpenTelemetry.noop();
            }
        }
    }
}
