package io.sshpool.demo.web;

import io.sshpool.PoolStats;
import io.sshpool.SshPool;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The pool's statistics as text that a Prometheus server could scrape, for an application without OpenTelemetry. */
@Path("/api/metrics")
public class MetricsResource {

    @Inject
    SshPool pool;

    /**
     * Counts of this moment.
     *
     * @return Prometheus' text format
     */
    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String text() {
        PoolStats stats = pool.stats();
        StringBuilder text = new StringBuilder();
        describe(text, "sshpool_connections", "gauge", "open connections");
        sample(text, "sshpool_connections{state=\"idle\"}", stats.idleConnections());
        sample(text, "sshpool_connections{state=\"used\"}", stats.usedConnections());
        gauge(text, "sshpool_channels_in_use", "slots that leases hold", stats.channelsInUse());
        gauge(text, "sshpool_pending_requests", "acquires that wait", stats.waiting());
        counter(text, "sshpool_acquired_total", "leases granted", stats.acquired());
        counter(text, "sshpool_reused_total", "leases granted on a connection that had been used", stats.reused());
        counter(text, "sshpool_created_total", "connections opened", stats.created());
        counter(text, "sshpool_connect_failures_total", "connects that failed", stats.connectFailures());
        counter(text, "sshpool_timeouts_total", "acquires that ran out of time", stats.timeouts());
        describe(text, "sshpool_closed_total", "counter", "connections closed");
        for (Map.Entry<PoolStats.CloseReason, Long> closed : new TreeMap<>(stats.closed()).entrySet()) {
            String reason = closed.getKey().name().toLowerCase(Locale.ROOT);
            sample(text, "sshpool_closed_total{reason=\"" + reason + "\"}", closed.getValue());
        }
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        describe(text, name, "gauge", help);
        sample(text, name, value);
    }

    private static void counter(StringBuilder text, String name, String help, long value) {
        describe(text, name, "counter", help);
        sample(text, name, value);
    }

    private static void describe(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void sample(StringBuilder text, String series, long value) {
        text.append(series).append(' ').append(value).append('\n');
    }
}
