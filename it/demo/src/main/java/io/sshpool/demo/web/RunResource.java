package io.sshpool.demo.web;

import io.sshpool.Command;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshException;
import io.sshpool.SshPool;
import io.sshpool.demo.hosts.FakeHost;
import io.sshpool.demo.hosts.FakeHosts;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs commands: on a host that the user chose, or on all hosts at once. */
@Path("/api/run")
public class RunResource {

    private static final Duration AT_MOST = Duration.ofSeconds(10);

    @Inject
    @Any
    Instance<SshClient> handles;

    @Inject
    SshPool pool;

    @Inject
    FakeHosts hosts;

    /**
     * On one host. The handle borrows a connection at its first operation and gives it back when this request ends.
     *
     * @param name the host
     * @param request what to run
     * @return what became of it
     */
    @POST
    @Path("/{host}")
    public Outcome onOne(@PathParam("host") String name, CommandRequest request) {
        String host = hosts.named(name).orElseThrow(NotFoundException::new).name();
        SshClient ssh = handles.select(Pooled.Literal.of(host)).get();
        try {
            return Outcome.of(host, ssh.execute(command(request)));
        } catch (SshException failed) {
            return Outcome.of(host, failed);
        }
    }

    /**
     * On all hosts at once, without a thread that waits. Bounded: each host has the acquire time-out and then the command's.
     *
     * @param request what to run
     * @return what became of it, host by host
     */
    @POST
    public CompletionStage<List<Outcome>> onAll(CommandRequest request) {
        List<CompletableFuture<Outcome>> outcomes = hosts.all().stream()
                .map(FakeHost::name)
                .map(host -> pool.executeAsync(host, command(request))
                        .handle((result, failure) ->
                                failure == null ? Outcome.of(host, result) : Outcome.of(host, failure))
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(
                        done -> outcomes.stream().map(CompletableFuture::join).toList());
    }

    private static Command command(CommandRequest request) {
        return Command.shell(request.command()).timeout(AT_MOST);
    }
}
