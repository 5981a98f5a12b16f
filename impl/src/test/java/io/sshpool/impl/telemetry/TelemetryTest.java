package io.sshpool.impl.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.sshpool.PoolConfig;
import io.sshpool.spi.PoolListener;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private static List<PoolListener> listeners(Optional<OpenTelemetry> bean) {
        return Telemetry.listeners(type -> bean, false, false, PoolConfig.defaults());
    }

    @Test
    void nobodyListensWhereNobodyWouldSeeIt() {
        assertThat(listeners(Optional.of(OpenTelemetry.noop()))).isEmpty();
    }

    @Test
    void withoutABeanTheGlobalOneIsAskedAndNotSet() {
        assertThat(listeners(Optional.empty())).isEmpty();
        assertThat(GlobalOpenTelemetry.isSet()).isFalse();
    }

    @Test
    void withoutABeanTheGlobalOneIsUsedWhereItIsSet() {
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .build()) {
            GlobalOpenTelemetry.set(sdk);
            assertThat(listeners(Optional.empty())).hasAtLeastOneElementOfType(TracingListener.class);
        } finally {
            GlobalOpenTelemetry.resetForTest();
        }
    }

    @Test
    void withoutMetricsTracesWorkOn() {
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .build()) {
            assertThat(listeners(Optional.of(new TracesOnly(sdk))))
                    .singleElement()
                    .isInstanceOf(TracingListener.class);
        }
    }

    @Test
    void anSdkGetsBoth() {
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .setMeterProvider(SdkMeterProvider.builder().build())
                .build()) {
            assertThat(listeners(Optional.of(sdk)))
                    .hasSize(2)
                    .hasAtLeastOneElementOfType(TracingListener.class)
                    .hasAtLeastOneElementOfType(MetricsListener.class);
        }
    }

    @Test
    void aBeanThatCannotBeHadCostsTracesAndALineInTheLog() {
        RecordingLogger logger = new RecordingLogger(System.Logger.Level.WARNING);
        List<PoolListener> listeners = Telemetry.listeners(
                type -> {
                    throw new IllegalStateException("token=s3cret", new UnsupportedOperationException("s3cret"));
                },
                false,
                false,
                PoolConfig.defaults(),
                new Log(logger));
        assertThat(listeners).isEmpty();
        assertThat(logger.lines())
                .containsExactly("WARNING SSHP-602 no traces or metrics, as OpenTelemetry cannot be used:"
                        + " java.lang.IllegalStateException, caused by java.lang.UnsupportedOperationException;"
                        + " have one bean of it that works, or set sshpool.telemetry.enabled=false");
        assertThat(logger.stacks()).isEmpty();
    }

    @Test
    void aBeanThatIsMadeAtItsFirstUseMayBeBrokenToo() {
        OpenTelemetry broken = new OpenTelemetry() {
            @Override
            public TracerProvider getTracerProvider() {
                throw new IllegalStateException();
            }

            @Override
            public ContextPropagators getPropagators() {
                throw new IllegalStateException();
            }
        };
        assertThat(listeners(Optional.of(broken))).isEmpty();
    }

    /** As servers do whose API has no metrics: the classes cannot be loaded. */
    private record TracesOnly(OpenTelemetry sdk) implements OpenTelemetry {
        @Override
        public TracerProvider getTracerProvider() {
            return sdk.getTracerProvider();
        }

        @Override
        public MeterProvider getMeterProvider() {
            throw new NoClassDefFoundError("io/opentelemetry/api/metrics/MeterProvider");
        }

        @Override
        public ContextPropagators getPropagators() {
            return sdk.getPropagators();
        }
    }
}
