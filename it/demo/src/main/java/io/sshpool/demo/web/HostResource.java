package io.sshpool.demo.web;

import io.sshpool.SshPool;
import io.sshpool.demo.hosts.FakeHost;
import io.sshpool.demo.hosts.FakeHosts;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The hosts: what they are, and buttons for what hosts go through. */
@Path("/api/hosts")
public class HostResource {

    @Inject
    FakeHosts hosts;

    @Inject
    SshPool pool;

    /**
     * A host.
     *
     * @param name its name
     * @param description what it is for
     * @param port of its server, on the loopback interface
     * @param running whether its server runs
     * @param suggestions commands that only it has
     */
    public record Host(String name, String description, int port, boolean running, List<String> suggestions) {

        static Host of(FakeHost host) {
            return new Host(
                    host.name(),
                    host.personality().description(),
                    host.port(),
                    host.isRunning(),
                    host.personality().suggestions());
        }
    }

    /**
     * All hosts.
     *
     * @return the hosts, running or not
     */
    @GET
    public List<Host> all() {
        return hosts.all().stream().map(Host::of).toList();
    }

    /**
     * Stops a host's server; its connections break.
     *
     * @param name the host
     * @return the host
     * @throws IOException when it could not be stopped
     */
    @POST
    @Path("/{host}/stop")
    public Host stop(@PathParam("host") String name) throws IOException {
        FakeHost host = host(name);
        host.stop();
        return Host.of(host);
    }

    /**
     * Starts a host's server again.
     *
     * @param name the host
     * @return the host
     * @throws IOException when its port was taken meanwhile
     */
    @POST
    @Path("/{host}/start")
    public Host start(@PathParam("host") String name) throws IOException {
        FakeHost host = host(name);
        host.start();
        return Host.of(host);
    }

    /**
     * Has the pool retire its connections to a host.
     *
     * @param name the host
     * @return how many connections it retired
     */
    @POST
    @Path("/{host}/evict")
    public Map<String, Integer> evict(@PathParam("host") String name) {
        return Map.of("evicted", pool.evict(host(name).name()));
    }

    private FakeHost host(String name) {
        return hosts.named(name).orElseThrow(NotFoundException::new);
    }
}
