package io.sshpool.bench;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sshpool.PoolConfig;
import io.sshpool.SshPool;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Targets;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.impl.telemetry.LoggingListener;
import io.sshpool.impl.telemetry.Telemetry;
import io.sshpool.spi.PoolListener;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * What traces and metrics cost, on an acquire and release of a connection that is there, and on a {@code true} on a real sshd:
 * {@code TelemetryCost [rounds]}. In each round every variant has its turn, in an order of chance. The first variant is there twice: what
 * lies between the two is nothing but noise.
 */
public final class TelemetryCost {

    private static final int COMMANDS = 10;
    private static final int ACQUIRES = 2_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_EXPORTS = Duration.ofSeconds(1);

    private TelemetryCost() {}

    /** One kind of telemetry, and how long things took with it, a number for each turn. */
    private record Variant(String name, SshPool fake, SshPool real, List<Double> acquires, List<Double> commands) {

        private void go(boolean measured) {
            double acquire = micros(ACQUIRES, () -> fake.acquire("bench").close());
            double command =
                    micros(COMMANDS, () -> real.execute("bench", "true").orThrow());
            if (measured) {
                acquires.add(acquire);
                commands.add(command);
            }
        }

        private static double micros(int times, Runnable work) {
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                work.run();
            }
            return (System.nanoTime() - start) / 1e3 / times;
        }

        private void close() {
            fake.close();
            real.close();
        }
    }

    /**
     * Measures and prints.
     *
     * @param arguments the number of rounds, 100 if there is none
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
        try (BenchServer server = new BenchServer();
                OpenTelemetrySdk some = sdk(Sampler.traceIdRatioBased(0.01));
                OpenTelemetrySdk all = sdk(Sampler.alwaysOn())) {
            List<Variant> variants = List.of(
                    variant("absent", server, Optional.empty()),
                    variant("absent, once more", server, Optional.empty()),
                    variant("no-op", server, Optional.of(OpenTelemetry.noop())),
                    variant("SDK, 1 % of the traces", server, Optional.of(some)),
                    variant("SDK, all traces", server, Optional.of(all)));
            run(variants, Math.max(20, rounds / 5), false);
            run(variants, rounds, true);
            print(variants, rounds);
            variants.forEach(Variant::close);
        }
    }

    private static void run(List<Variant> variants, int rounds, boolean measured) {
        for (int round = 0; round < rounds; round++) {
            List<Variant> order = new ArrayList<>(variants);
            // By chance, so that none always pays for the garbage of the same other.
            Collections.shuffle(order, new Random(round));
            order.forEach(variant -> variant.go(measured));
        }
    }

    private static Variant variant(String name, BenchServer server, Optional<OpenTelemetry> openTelemetry)
            throws Exception {
        // A machine that is busy with something else is no reason to fail.
        PoolConfig config = PoolConfig.defaults().withConnectTimeout(PATIENCE).withAcquireTimeout(PATIENCE);
        SshPool fake = ConnectionPool.start(
                config,
                new Targets(List.of(EndToEnd.target(server)), TargetDefaults.NONE, List.of()),
                new FakeConnections(),
                listener(openTelemetry, config),
                PoolThreads.own());
        SshPool real = EndToEnd.pool(server, config, listener(openTelemetry, config));
        return new Variant(name, fake, real, new ArrayList<>(), new ArrayList<>());
    }

    /** As an application's pool has it. */
    private static PoolListener listener(Optional<OpenTelemetry> openTelemetry, PoolConfig config) {
        List<PoolListener> all = new ArrayList<>();
        all.add(new LoggingListener());
        openTelemetry.ifPresent(
                present -> all.addAll(Telemetry.listeners(type -> Optional.of(present), false, false, config)));
        return FanOut.of(all);
    }

    /** Exports in the background as an application does, but to nowhere. */
    private static OpenTelemetrySdk sdk(Sampler sampler) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(new Nowhere()).build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PeriodicMetricReader.builder(InMemoryMetricExporter.create())
                                .setInterval(BETWEEN_EXPORTS)
                                .build())
                        .build())
                .build();
    }

    private static final class Nowhere implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static void print(List<Variant> variants, int rounds) {
        Variant base = variants.get(0);
        System.out.printf(
                Locale.ROOT,
                "%n%d rounds of %d acquires and %d commands, %d processors, load %.1f, Java %s%n%n"
                        + "| OpenTelemetry | acquire and release, µs | to absent | `true` on sshd, ms | to absent |%n"
                        + "| --- | --- | --- | --- | --- |%n",
                rounds,
                ACQUIRES,
                COMMANDS,
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.version());
        for (Variant variant : variants) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %.2f |%n",
                    variant.name,
                    median(variant.acquires),
                    median(variant.acquires) / median(base.acquires),
                    median(variant.commands) / 1e3,
                    median(variant.commands) / median(base.commands));
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
