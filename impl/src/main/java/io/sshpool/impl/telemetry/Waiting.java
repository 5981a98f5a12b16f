package io.sshpool.impl.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.sshpool.spi.Target;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The acquires under way that are traced: those to which a dial links. Thread-safe. */
final class Waiting {

    /** An exporter has a limit, and nobody reads more. */
    private static final int MOST_LINKS = 32;

    private final Set<Wait> all = ConcurrentHashMap.newKeySet();

    private record Wait(String target, SpanContext place) {}

    void add(Target target, SpanContext place) {
        all.add(new Wait(target.name(), place));
    }

    void remove(Target target, SpanContext place) {
        if (place.isSampled()) {
            all.remove(new Wait(target.name(), place));
        }
    }

    /** Some of those who wait for a target. */
    List<SpanContext> of(Target target) {
        return all.stream()
                .filter(wait -> wait.target().equals(target.name()))
                .map(Wait::place)
                .limit(MOST_LINKS)
                .toList();
    }
}
