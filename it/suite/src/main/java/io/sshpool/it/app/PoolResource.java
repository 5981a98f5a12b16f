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
import java.util.stream.Collectors;

/** The pool, and what it leaves in its JVM, as numbers for the tests. */
@RequestScoped
@Path("pool")
public class PoolResource {

    @Inject
    SshPool pool;

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

    /** The security providers' names: ours must not be among them. */
    @GET
    @Path("providers")
    public String providers() {
        return Arrays.stream(Security.getProviders()).map(Provider::getName).collect(Collectors.joining(" "));
    }
}
