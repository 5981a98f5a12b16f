package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Tells that the application is up, and runs one command. */
@RequestScoped
@Path("ping")
public class PingResource {

    @Inject
    @Pooled
    SshClient ssh;

    /** Nothing over SSH: the start must not wait for the network. */
    @GET
    public String ping() {
        return "pong";
    }

    /** One command. */
    @GET
    @Path("ssh")
    public String ssh() {
        return ssh.execute("uptime").orThrow().stdout();
    }
}
