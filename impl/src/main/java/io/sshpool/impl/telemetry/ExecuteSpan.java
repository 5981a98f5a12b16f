package io.sshpool.impl.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.sshpool.ExecResult;
import io.sshpool.spi.PoolListener;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The span of a command: from its sending on, as the wait before it has a span of its own. A second attempt goes on with it. */
final class ExecuteSpan implements PoolListener.Execute {

    private final SpanBuilder prepared;
    private final boolean propagates;

    /** Null until the command is sent or has failed before. Guarded by this object's lock. */
    private Span span;

    ExecuteSpan(SpanBuilder prepared, boolean propagates) {
        this.prepared = prepared;
        this.propagates = propagates;
    }

    @Override
    public void started() {
        begun();
    }

    /** {@code TRACEPARENT} and {@code TRACESTATE}, as W3C Trace Context has them. */
    @Override
    public Map<String, String> environment() {
        if (!propagates) {
            return Map.of();
        }
        Map<String, String> variables = new HashMap<>();
        W3CTraceContextPropagator.getInstance()
                .inject(
                        Context.root().with(begun()),
                        variables,
                        (carrier, name, value) -> carrier.put(name.toUpperCase(Locale.ROOT), value));
        return variables;
    }

    /** A result is no error, whatever its exit code. */
    @Override
    public void completed(ExecResult result) {
        begun().setAttribute("process.exit.code", result.exitCode()).end();
    }

    @Override
    public void failed(Throwable failure) {
        TracingListener.fail(begun(), failure);
    }

    /** A caller that gives up may come in between a start: the lock is for that alone, and nobody waits in it. */
    private synchronized Span begun() {
        if (span == null) {
            span = prepared.startSpan();
        }
        return span;
    }
}
