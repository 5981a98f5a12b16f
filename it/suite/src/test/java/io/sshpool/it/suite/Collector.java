package io.sshpool.it.suite;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** An OpenTelemetry collector in the test's process: takes OTLP as protobuf over HTTP, and keeps what it gets. Thread-safe. */
public final class Collector implements AutoCloseable {

    private static final String OURS = "io.sshpool";

    private final HttpServer server;
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final Map<String, Metric> metrics = new ConcurrentHashMap<>();

    /** Starts it on a free port of loopback. */
    Collector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        receive("/v1/traces", body -> addSpans(ExportTraceServiceRequest.parseFrom(body)));
        receive("/v1/metrics", body -> addMetrics(ExportMetricsServiceRequest.parseFrom(body)));
        receive("/v1/logs", InputStream::readAllBytes);
        server.start();
    }

    /** What exporters call its endpoint: without the path of a signal. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All spans until now, whoever made them. */
    Stream<ReceivedSpan> spans() {
        return spans.stream();
    }

    /** All spans of ours until now. */
    Stream<ReceivedSpan> ourSpans() {
        return spans().filter(span -> span.scope().equals(OURS));
    }

    /** The metrics of ours that were ever exported. */
    List<String> ourMetrics() {
        return List.copyOf(metrics.keySet());
    }

    /** Each point that the last export has of a metric of ours, by its labels: a number, or how many times a time was taken. */
    Map<Map<String, String>, Long> last(String metric) {
        return points(metrics.getOrDefault(metric, Metric.getDefaultInstance()))
                .collect(groupingBy(Point::labels, summingLong(Point::value)));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void addSpans(ExportTraceServiceRequest request) {
        request.getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .forEach(scope -> scope.getSpansList()
                        .forEach(span ->
                                spans.add(new ReceivedSpan(scope.getScope().getName(), span))));
    }

    private void addMetrics(ExportMetricsServiceRequest request) {
        request.getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .filter(scope -> scope.getScope().getName().equals(OURS))
                .flatMap(scope -> scope.getMetricsList().stream())
                .forEach(metric -> metrics.put(metric.getName(), metric));
    }

    private static Stream<Point> points(Metric metric) {
        return Stream.concat(
                metric.getSum().getDataPointsList().stream()
                        .map(point -> new Point(ReceivedSpan.texts(point.getAttributesList()), point.getAsInt())),
                metric.getHistogram().getDataPointsList().stream()
                        .map(point -> new Point(ReceivedSpan.texts(point.getAttributesList()), point.getCount())));
    }

    private record Point(Map<String, String> labels, long value) {}

    /** Reads one export. */
    private interface Reading {
        void of(InputStream body) throws IOException;
    }

    private void receive(String path, Reading reading) {
        server.createContext(path, exchange -> {
            try (exchange;
                    InputStream body = body(exchange)) {
                reading.of(body);
                exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
                // An empty message: all was taken.
                exchange.sendResponseHeaders(200, -1);
            }
        });
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        InputStream body = exchange.getRequestBody();
        return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                ? new GZIPInputStream(body)
                : body;
    }
}
