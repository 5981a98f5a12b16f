package io.sshpool.it.app;

import io.sshpool.ExecResult;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.concurrent.CompletionStage;

/** Answers, and a handle that is used once more when they have been sent. */
@RequestScoped
@Path("late")
public class LateResource {

    @Inject
    @Pooled("build")
    SshClient build;

    @Inject
    Overtime overtime;

    @GET
    @Path("plain")
    public String plain(@QueryParam("command") String command) {
        overtime.begin();
        return build.execute(command).orThrow().stdout();
    }

    @GET
    @Path("stage")
    public CompletionStage<String> stage(@QueryParam("command") String command) {
        overtime.begin();
        return build.executeAsync(command).thenApply(ExecResult::stdout);
    }

    /** Now the other request's task uses its handle. */
    @GET
    @Path("use")
    public String use(@QueryParam("command") String command) {
        return overtime.end(command);
    }
}
