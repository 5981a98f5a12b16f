package io.sshpool.it.suite;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A span as a {@link Collector} got it.
 *
 * @param scope the name of the tracer
 * @param span its data
 */
record ReceivedSpan(String scope, Span span) {

    String name() {
        return span.getName();
    }

    Span.SpanKind kind() {
        return span.getKind();
    }

    String trace() {
        return hex(span.getTraceId());
    }

    String id() {
        return hex(span.getSpanId());
    }

    /** Empty without a parent. */
    String parent() {
        return hex(span.getParentSpanId());
    }

    boolean failed() {
        return span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR;
    }

    List<String> events() {
        return span.getEventsList().stream().map(Span.Event::getName).toList();
    }

    /** The numbers of the spans it links to. */
    List<String> links() {
        return span.getLinksList().stream().map(link -> hex(link.getSpanId())).toList();
    }

    Map<String, String> attributes() {
        return texts(span.getAttributesList());
    }

    /** Strings and whole numbers, which are all that we attach. */
    static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, attribute -> text(attribute.getValue())));
    }

    private static String text(AnyValue value) {
        return value.hasIntValue() ? String.valueOf(value.getIntValue()) : value.getStringValue();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
