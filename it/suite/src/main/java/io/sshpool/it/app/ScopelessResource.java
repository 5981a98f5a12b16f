package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

/** A resource without a scope, which not every container takes for a bean. */
@Path("scopeless")
public class ScopelessResource {

    @Inject
    @Pooled("build")
    SshClient build;

    @GET
    public String run(@QueryParam("command") String command) {
        return build.execute(command).orThrow().stdout();
    }
}
