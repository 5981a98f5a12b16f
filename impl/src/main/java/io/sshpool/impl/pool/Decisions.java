package io.sshpool.impl.pool;

import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.util.ArrayList;
import java.util.List;

/** What the ledger wants done, for the pool to carry out after it has unlocked. */
final class Decisions {

    final List<PoolListener.Acquire> released = new ArrayList<>(0);
    final List<Claim> granted = new ArrayList<>(2);
    final List<Claim> refused = new ArrayList<>(2);
    final List<PooledConnection> dials = new ArrayList<>(2);
    final List<PooledConnection> cancelledDials = new ArrayList<>(0);
    final List<PooledConnection> closes = new ArrayList<>(2);
    final List<PooledConnection> probes = new ArrayList<>(2);
    final List<Target> forgotten = new ArrayList<>(0);
    /** Nanoseconds from now at which the ledger wants to be woken. */
    final List<Long> wakes = new ArrayList<>(0);
    /** The ledger is closed and its last connection gone. */
    boolean drained;
}
