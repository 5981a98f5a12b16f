package io.sshpool.impl.cdi;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshConfigException;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.Targets;
import io.sshpool.impl.pool.Text;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.InjectionException;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Inject;
import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.util.Set;

/** Makes the handles that {@link Pooled @Pooled} injects, and finds what they stand for whenever one is used. */
@ApplicationScoped
public class Handles {

    private final RequestLeases leases;
    private final ContainerPool pool;

    /** For client proxies only. */
    public Handles() {
        this(null, null);
    }

    @Inject
    Handles(RequestLeases leases, ContainerPool pool) {
        this.leases = leases;
        this.pool = pool;
    }

    /**
     * A handle for an injection point. It has no disposer, and its producer no dependent argument that is destroyed: containers
     * would remember every handle that was looked up until the owner of the {@code Instance} dies.
     */
    @Produces
    @Dependent
    @Pooled
    SshClient handle(InjectionPoint point) {
        // Of the injection point only the qualifiers are there in every container and for every kind of look-up.
        String key = keyOf(point == null ? Set.of() : point.getQualifiers());
        if (!Targets.isWellFormed(key)) {
            throw new SshConfigException(malformed(key, place(point.getMember())));
        }
        return new PooledHandle(key, holder(point), this);
    }

    /**
     * The lease of the current request.
     *
     * @param key the target
     * @param holder what uses it
     * @return a lease that ends with the request
     * @throws IllegalStateException when no request scope is active
     */
    public SshLease lease(String key, String holder) {
        try {
            return leases.lease(key, holder);
        } catch (ContextNotActiveException noRequest) {
            throw new IllegalStateException(outsideRequest(key), noRequest);
        }
    }

    /**
     * The name of a target, inside a request or not.
     *
     * @param key the target
     * @return its alias, or {@code user@host:port}
     */
    public String target(String key) {
        try (SshLease unused = pool.requestLease(key, "")) {
            return unused.target();
        }
    }

    /** What is said of a malformed key, at deployment and at look-up. */
    static String malformed(String key, String member) {
        return "malformed value in @Pooled(\"" + Text.printable(key, 64) + "\") at " + member
                + "; use an alias ([A-Za-z0-9_-]+) or user@host[:port]";
    }

    private static String place(Member member) {
        return member == null ? "a look-up" : member.toString();
    }

    /** Text, as a handle may be stored, and its injection point may not. */
    private static String holder(InjectionPoint point) {
        Member member = point.getMember();
        return member == null
                ? "a handle that was looked up"
                : "the handle injected into " + member.getDeclaringClass().getName() + "." + member.getName();
    }

    private static String keyOf(Set<Annotation> qualifiers) {
        return qualifiers.stream()
                .filter(Pooled.class::isInstance)
                .map(qualifier -> ((Pooled) qualifier).value())
                .findFirst()
                .orElseThrow(
                        () -> new InjectionException(
                                "an SshClient was looked up without @Pooled, so that its target"
                                        + " is unknown; use @Pooled(\"…\") at the injection point, or select(Pooled.Literal.of(\"…\"))"));
    }

    private static String outsideRequest(String key) {
        return "the handle @Pooled(\"" + key + "\") was used where no request scope is active (a background thread, a"
                + " start-up method, a scheduled task), so nothing would give its connection back; annotate the calling method"
                + " with @ActivateRequestContext, or use SshPool.acquire(\"" + key + "\") in try-with-resources";
    }
}
