package io.sshpool.impl.pool;

import io.sshpool.PoolStats.CloseReason;
import java.util.EnumMap;
import java.util.Map;

/** What has happened since the pool's start. Guarded by the pool's lock. */
final class Counters {

    long acquired;
    long reused;
    long created;
    long connectFailures;
    long timeouts;
    final Map<CloseReason, Long> closed = new EnumMap<>(CloseReason.class);
}
