package io.sshpool.impl.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sshpool.Command;
import io.sshpool.HealthReport;
import io.sshpool.SshConnectException;
import io.sshpool.SshException;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.util.Locale;

/**
 * A span for each operation. The context of whoever starts an operation is its parent, whatever thread it ends on; a dial belongs to
 * no one caller, so it has no parent but links to those who wait for it.
 *
 * <p>Thread-safe.
 */
final class TracingListener implements PoolListener {

    static final String SCOPE = "io.sshpool";

    private static final AttributeKey<Long> REMOVED = AttributeKey.longKey("removed");

    private final Tracer tracer;
    private final boolean propagates;
    private final boolean showsCommandText;
    private final Waiting waiting = new Waiting();

    /**
     * Traces.
     *
     * @param openTelemetry whose tracer is used
     * @param propagates whether a command gets the context of its span in its environment
     * @param showsCommandText whether a command's text is shown on its span
     */
    TracingListener(OpenTelemetry openTelemetry, boolean propagates, boolean showsCommandText) {
        tracer = openTelemetry.getTracer(SCOPE);
        this.propagates = propagates;
        this.showsCommandText = showsCommandText;
    }

    @Override
    public Acquire acquiring(Target target) {
        return new AcquireSpan(target);
    }

    @Override
    public Connect connecting(Target target) {
        SpanBuilder builder = about(target, "ssh.connect").setNoParent();
        waiting.of(target).forEach(builder::addLink);
        return new ConnectSpan(builder.startSpan());
    }

    @Override
    public Execute executing(Target target, Command command) {
        SpanBuilder builder =
                about(target, "ssh.exec").setSpanKind(SpanKind.CLIENT).setParent(Context.current());
        if (showsCommandText) {
            builder.setAttribute("process.command_line", Failure.printable(command.text()));
        }
        return new ExecuteSpan(builder, propagates);
    }

    @Override
    public Files usingFiles(Target target, String operation) {
        return new FilesSpan(about(target, "ssh.sftp")
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("ssh.sftp.operation", operation)
                .startSpan());
    }

    @Override
    public Forward forwarding(Target target, Forwarding forwarding) {
        return new ForwardSpan(about(target, "ssh.forward")
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(
                        "ssh.forward.direction", forwarding.direction().name().toLowerCase(Locale.ROOT))
                .startSpan());
    }

    @Override
    public HealthCheck checkingHealth() {
        return new HealthSpan(tracer.spanBuilder("sshpool.health_check").startSpan());
    }

    @Override
    public Cleanup cleaningUp() {
        return new CleanupSpan(
                tracer.spanBuilder("sshpool.cleanup").setNoParent().startSpan());
    }

    private SpanBuilder about(Target target, String operation) {
        return tracer.spanBuilder(operation)
                .setAttribute("ssh.target", target.name())
                .setAttribute("server.address", target.host())
                .setAttribute("server.port", (long) target.port())
                .setAttribute("network.protocol.name", "ssh");
    }

    static void fail(Span span, Throwable failure) {
        span.setStatus(StatusCode.ERROR, Failure.describe(failure));
        span.setAttribute("error.type", Failure.type(failure));
        span.end();
    }

    /** Waits from its start to its end. */
    private final class AcquireSpan implements Acquire {
        private final Span span;
        private final SpanContext place;
        private final Target target;

        private AcquireSpan(Target target) {
            this.target = target;
            span = about(target, "sshpool.acquire").startSpan();
            place = span.getSpanContext();
            if (place.isSampled()) {
                waiting.add(target, place);
            }
        }

        @Override
        public void granted(long connection, boolean reused) {
            waiting.remove(target, place);
            span.addEvent(reused ? "connection_reused" : "connection_created");
            span.end();
        }

        @Override
        public void failed(Throwable failure) {
            waiting.remove(target, place);
            fail(span, failure);
        }
    }

    private record ConnectSpan(Span span) implements Connect {
        @Override
        public void connected(long connection) {
            span.end();
        }

        @Override
        public void failed(SshException failure) {
            if (failure instanceof SshConnectException dropped
                    && dropped.kind() == SshConnectException.Kind.TRANSIENT) {
                // tried again for whoever waits, who sees nothing of it
                span.addEvent("connect_dropped");
                span.end();
            } else {
                fail(span, failure);
            }
        }
    }

    private record FilesSpan(Span span) implements Files {
        @Override
        public void completed() {
            span.end();
        }

        @Override
        public void failed(Throwable failure) {
            fail(span, failure);
        }
    }

    /** Until the tunnel is open or not to be had: one may stay open for as long as the application runs. */
    private record ForwardSpan(Span span) implements Forward {
        @Override
        public void opened(int port) {
            span.end();
        }

        @Override
        public void failed(Throwable failure) {
            fail(span, failure);
        }
    }

    private record HealthSpan(Span span) implements HealthCheck {
        @Override
        public void completed(HealthReport report) {
            span.setAttribute("pool.total", report.totalConnections());
            span.setAttribute("pool.healthy", report.healthyConnections());
            span.setAttribute("pool.failed", report.failedConnections());
            span.setAttribute("pool.idle", report.idleConnections());
            span.end();
        }
    }

    private record CleanupSpan(Span span) implements Cleanup {
        @Override
        public void completed(int removed) {
            span.addEvent("cleanup_completed", Attributes.of(REMOVED, (long) removed));
            span.end();
        }
    }
}
