package io.sshpool.it.quarkus;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.sshpool.ExecResult;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;

/** Answers of Mutiny. */
@RequestScoped
@Path("mutiny")
public class MutinyResource {

    @Inject
    @Pooled("build")
    SshClient build;

    @GET
    @Path("uni")
    public Uni<String> uni(@QueryParam("command") String command) {
        return Uni.createFrom()
                .completionStage(() -> build.executeAsync(command))
                .map(ExecResult::stdout);
    }

    /** Server-sent events without end: the answer of a command, every tenth of a second. */
    @GET
    @Path("multi")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<String> multi(@QueryParam("command") String command) {
        return Uni.createFrom()
                .completionStage(() -> build.executeAsync(command))
                .map(ExecResult::stdout)
                .toMulti()
                .onItem()
                .transformToMultiAndConcatenate(answer -> Multi.createFrom()
                        .ticks()
                        .every(Duration.ofMillis(100))
                        .onOverflow()
                        .drop()
                        .map(tick -> answer));
    }
}
