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

    private final Object lock = new Object();

    // Guarded by the lock.
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
     * @param holder what uses it: the first to do so is named when the lease stays open for too long
     * @return a lease that ends with the request; not to be closed by the caller
     * @throws LeaseClosedException when the request has ended
     * @throws io.sshpool.SshConfigException when the key is malformed, unknown or not allowed
     */
    public SshLease lease(String key, String holder) {
        SshLease known = find(key);
        return known != null ? known : share(key, pool.requestLease(key, holder));
    }

    /** Gives everything back. Doing it again does nothing. */
    @PreDestroy
    public void giveBack() {
        // Closed outside the lock: listeners hear of it, and one of them may look at this request's handles.
        drain().forEach(SshLease::close);
    }

    private SshLease find(String key) {
        synchronized (lock) {
            if (ended) {
                throw ended(key);
            }
            return byKey.get(key);
        }
    }

    /** The pool was asked outside the lock, so that another thread or another spelling may have come first, or the end. */
    private SshLease share(String key, SshLease fresh) {
        SshLease shared = adopt(key, fresh);
        if (shared != fresh) {
            fresh.close();
        }
        if (shared == null) {
            throw ended(key);
        }
        return shared;
    }

    /** Null when the request has ended. */
    private SshLease adopt(String key, SshLease fresh) {
        synchronized (lock) {
            if (ended) {
                return null;
            }
            SshLease first = byTarget.putIfAbsent(fresh.target(), fresh);
            SshLease shared = first != null ? first : fresh;
            byKey.put(key, shared);
            return shared;
        }
    }

    private List<SshLease> drain() {
        synchronized (lock) {
            ended = true;
            List<SshLease> leases = List.copyOf(byTarget.values());
            byTarget.clear();
            byKey.clear();
            return leases;
        }
    }

    private static LeaseClosedException ended(String key) {
        return new LeaseClosedException(
                key,
                "the request in which this handle for " + key + " was used has ended; nothing was run. For work that"
                        + " outlives its request, use SshPool.acquire(\"" + key + "\") in try-with-resources");
    }
}
