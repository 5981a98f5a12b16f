package io.sshpool.impl.cdi;

import io.sshpool.LeaseClosedException;
import io.sshpool.SshLease;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one request has borrowed: one lease a target, given back when the request scope ends. Safe for use by several threads,
 * as context propagation lets them share a request.
 *
 * <p>Some containers end a request scope twice, and some let a task that outlived its request call the object that was
 * destroyed; so giving back is idempotent and final.
 */
@RequestScoped
public class RequestLeases {

    private final ContainerPool pool;
    private final Map<String, SshLease> byTarget = new HashMap<>();
    private final Map<String, SshLease> byKey = new HashMap<>();
    private boolean ended;

    /** For client proxies only. */
    public RequestLeases() {
        this(null);
    }

    @Inject
    RequestLeases(ContainerPool pool) {
        this.pool = pool;
    }

    /**
     * The request's lease for a target. Never blocks: a connection is borrowed at the lease's first operation.
     *
     * @param key the target; two keys of one target share a lease
     * @return a lease that ends with the request; not to be closed by the caller
     * @throws LeaseClosedException when the request has ended
     * @throws io.sshpool.SshConfigException when the key is malformed, unknown or not allowed
     */
    public synchronized SshLease lease(String key) {
        if (ended) {
            throw new LeaseClosedException(
                    key,
                    "the request that this handle for " + key + " was used in has ended; nothing was run. For work that"
                            + " outlives its request, use SshPool.acquire(\"" + key + "\") in try-with-resources");
        }
        SshLease known = byKey.get(key);
        return known != null ? known : open(key);
    }

    /** Gives everything back. Doing it again does nothing. */
    @PreDestroy
    public void giveBack() {
        // Closed outside the lock: listeners hear of it, and one of them may look at this request's handles.
        drain().forEach(SshLease::close);
    }

    private SshLease open(String key) {
        SshLease fresh = pool.requestLease(key);
        SshLease shared = byTarget.putIfAbsent(fresh.target(), fresh);
        if (shared != null) {
            // It has not borrowed anything: the same target under another spelling.
            fresh.close();
        }
        SshLease lease = shared != null ? shared : fresh;
        byKey.put(key, lease);
        return lease;
    }

    private synchronized List<SshLease> drain() {
        ended = true;
        List<SshLease> leases = List.copyOf(byTarget.values());
        byTarget.clear();
        byKey.clear();
        return leases;
    }
}
