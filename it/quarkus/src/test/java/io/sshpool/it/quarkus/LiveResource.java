package io.sshpool.it.quarkus;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The source that {@link LiveReloadTest} edits. */
@Path("live")
public class LiveResource {

    @Inject
    @Pooled
    SshClient ssh;

    @GET
    public String answer() {
        return "edit 0, " + ssh.execute("uptime").orThrow().stdout();
    }
}
