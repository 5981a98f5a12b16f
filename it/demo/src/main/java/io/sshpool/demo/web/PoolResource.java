package io.sshpool.demo.web;

import io.sshpool.HealthReport;
import io.sshpool.SshPool;
import io.sshpool.TargetHealth;
import io.sshpool.demo.hosts.FakeHost;
import io.sshpool.demo.hosts.FakeHosts;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The pool, watched. The page asks once a second. */
@Path("/api/pool")
public class PoolResource {

    private static final int LARGEST_BURST = 1_000;

    @Inject
    SshPool pool;

    @Inject
    FakeHosts hosts;

    @Inject
    Burst burst;

    @ConfigProperty(name = "sshpool.max-connections")
    int maxConnections;

    @ConfigProperty(name = "sshpool.max-channels-per-connection")
    int maxChannels;

    /**
     * Counts of this moment.
     *
     * @return the pool's statistics, its limits, which hosts run, and how far the burst is
     */
    @GET
    public PoolView now() {
        return PoolView.of(pool.stats(), new PoolView.Limits(maxConnections, maxChannels), running(), burst.progress());
    }

    /**
     * Probes all connections now.
     *
     * @return what was found
     */
    @POST
    @Path("/health")
    public Health check() {
        return Health.of(pool.healthCheck());
    }

    /**
     * Starts a burst.
     *
     * @param commands how many
     * @return 202, or 409 while one is under way
     */
    @POST
    @Path("/burst")
    public Response burst(@QueryParam("commands") @DefaultValue("200") int commands) {
        if (commands < 1 || commands > LARGEST_BURST) {
            throw new BadRequestException("commands must be 1 to " + LARGEST_BURST);
        }
        if (!burst.start(commands)) {
            throw new ClientErrorException("a burst is under way", Response.Status.CONFLICT);
        }
        return Response.accepted(burst.progress()).build();
    }

    private Map<String, Boolean> running() {
        Map<String, Boolean> running = new TreeMap<>();
        for (FakeHost host : hosts.all()) {
            running.put(host.name(), host.isRunning());
        }
        return running;
    }

    /**
     * A health report, for the page.
     *
     * @param total connections probed
     * @param healthy those that answered
     * @param failed those that did not
     * @param targets each target's state, and why it is down
     */
    public record Health(int total, int healthy, int failed, Map<String, Target> targets) {

        /**
         * One target.
         *
         * @param state up, down or unknown
         * @param reason the class of the last failure, or nothing
         */
        public record Target(TargetHealth.State state, String reason) {}

        static Health of(HealthReport report) {
            Map<String, Target> targets = new TreeMap<>();
            report.targets()
                    .forEach((name, health) -> targets.put(
                            name, new Target(health.state(), health.reason().orElse(""))));
            return new Health(
                    report.totalConnections(), report.healthyConnections(), report.failedConnections(), targets);
        }
    }
}
