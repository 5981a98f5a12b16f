package io.sshpool.it.app;

import io.sshpool.ExecResult;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshPool;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.util.concurrent.CompletionStage;

/** Answers that come later than the method returns. */
@RequestScoped
@Path("async")
public class AsyncResource {

    @Inject
    @Pooled("build")
    SshClient build;

    @Inject
    SshPool pool;

    /** The request lasts until the stage ends. */
    @GET
    @Path("stage")
    public CompletionStage<String> stage(@QueryParam("command") String command) {
        return build.executeAsync(command).thenApply(ExecResult::stdout);
    }

    /** The same with a suspended response. */
    @GET
    @Path("suspended")
    public void suspended(@QueryParam("command") String command, @Suspended AsyncResponse response) {
        build.executeAsync(command).whenComplete((result, failure) -> {
            if (failure != null) {
                response.resume(failure);
            } else {
                response.resume(result.stdout());
            }
        });
    }

    /** Work that outlives the request's method, the documented way: a lease of its own. */
    @GET
    @Path("lease")
    public CompletionStage<String> lease(@QueryParam("command") String command) {
        return pool.acquireAsync("build")
                .thenCompose(lease -> lease.executeAsync(command)
                        .whenComplete((result, failure) -> lease.close())
                        .thenApply(ExecResult::stdout));
    }
}
