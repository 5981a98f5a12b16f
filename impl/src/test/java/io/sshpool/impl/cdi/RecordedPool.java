package io.sshpool.impl.cdi;

import io.sshpool.SshLease;
import io.sshpool.SshPool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for the pool: makes leases and remembers them. {@code deploy@build} is the address of {@code build}. */
@ApplicationScoped
@Typed({SshPool.class, ContainerPool.class, RecordedPool.class})
public class RecordedPool extends ContainerPool {

    private final List<RecordedLease> leases = new CopyOnWriteArrayList<>();
    private final List<String> holders = new CopyOnWriteArrayList<>();

    @Override
    public SshLease requestLease(String key, String holder) {
        holders.add(holder);
        RecordedLease lease = new RecordedLease(key.equals("deploy@build") ? "build" : key, leases.size());
        leases.add(lease);
        return lease;
    }

    /** All leases that a caller could have used. */
    public List<RecordedLease> leases() {
        return List.copyOf(leases);
    }

    /** For whom they were. */
    public List<String> holders() {
        return List.copyOf(holders);
    }

    /** How many leases are open. */
    public long open() {
        return leases.stream().filter(lease -> lease.closes() == 0).count();
    }
}
