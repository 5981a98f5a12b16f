package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A task that outlives the request which began it, and uses a handle then: a mistake. One at a time. */
@ApplicationScoped
public class Overtime {

    @Inject
    @Pooled("build")
    SshClient build;

    @Inject
    ServerThreads threads;

    private volatile CompletableFuture<String> command;
    private volatile CompletableFuture<String> outcome;

    /** With what of the request's context the server hands on to its threads. */
    public void begin() {
        CompletableFuture<String> cue = new CompletableFuture<String>().orTimeout(1, TimeUnit.MINUTES);
        CompletableFuture<String> result = new CompletableFuture<>();
        command = cue;
        outcome = result;
        threads.execute(() -> result.completeAsync(() -> use(cue.join()), Runnable::run));
    }

    /** Lets it go on with a command: what came of that, or what the handle said. */
    public String end(String text) {
        command.complete(text);
        return outcome.join();
    }

    private String use(String text) {
        try {
            return build.execute(text).orThrow().stdout();
        } catch (RuntimeException refused) {
            return refused.getMessage();
        }
    }
}
