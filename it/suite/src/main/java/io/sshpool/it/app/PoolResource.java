package io.sshpool.it.app;

import io.sshpool.PoolStats;
import io.sshpool.SshPool;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;

/** The pool, and what it leaves in its JVM, as numbers for the tests. */
@RequestScoped
@Path("pool")
public class PoolResource {

    private static final String INSTANCE = UUID.randomUUID().toString();

    @Inject
    SshPool pool;

    @Inject
    Housekeepers housekeepers;

    /** {@code total idle used waiting channels acquired reused created failures}. */
    @GET
    @Path("stats")
    public String stats() {
        PoolStats stats = pool.stats();
        return stats.totalConnections() + " " + stats.idleConnections() + " " + stats.usedConnections() + " "
                + stats.waiting() + " " + stats.channelsInUse() + " " + stats.acquired() + " " + stats.reused() + " "
                + stats.created() + " " + stats.connectFailures();
    }

    /** One command without a handle. */
    @GET
    @Path("execute")
    public String execute(@QueryParam("key") String key, @QueryParam("command") String command) {
        return pool.execute(key, command).orThrow().stdout();
    }

    /** Another one after each deployment. */
    @GET
    @Path("instance")
    public String instance() {
        return INSTANCE;
    }

    /** How long the readiness check takes: the 99th percentile, in microseconds. */
    @GET
    @Path("readiness")
    public long readiness(@QueryParam("calls") int calls) {
        return ReadinessTimes.p99(calls);
    }

    /** Which threads did what housekeeping. */
    @GET
    @Path("housekeepers")
    public String housekeepers() {
        return housekeepers.seen();
    }

    /** How many threads of ours there are in the JVM, of earlier deployments too. */
    @GET
    @Path("threads")
    public long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sshpool") || name.startsWith("sshd-"))
                .count();
    }

    /** The security providers that came with this application, and would keep its class loader: there must be none. */
    @GET
    @Path("providers")
    public String providers() {
        return Arrays.stream(Security.getProviders())
                .filter(provider -> provider.getClass().getClassLoader() == SshPool.class.getClassLoader())
                .map(Provider::getName)
                .collect(Collectors.joining(" "));
    }
}
