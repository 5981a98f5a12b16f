package io.sshpool.it.app;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.SshPool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.util.concurrent.CompletionStage;

/** Uses the pool when the application starts, without waiting for the network. */
@ApplicationScoped
public class Morning {

    private CompletionStage<String> answer;

    void start(@Observes Startup event, SshPool pool) {
        answer = pool.executeAsync("build", Command.shell("startup")).thenApply(ExecResult::stdout);
    }

    public CompletionStage<String> answer() {
        return answer;
    }
}
