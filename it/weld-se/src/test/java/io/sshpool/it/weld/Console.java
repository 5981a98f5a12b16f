package io.sshpool.it.weld;

import io.sshpool.ExecResult;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;

/** Lives as long as the application, and so do its handles. */
@ApplicationScoped
class Console {

    @Inject
    @Pooled("build")
    SshClient build;

    @Inject
    @Any
    Instance<SshClient> clients;

    String run(String command) {
        return build.execute(command).orThrow().stdout();
    }

    String runOn(String target, String command) {
        return clients.select(Pooled.Literal.of(target)).get().execute(command).stdout();
    }

    CompletableFuture<ExecResult> start(String command) {
        return build.executeAsync(command).toCompletableFuture();
    }

    String fail(String command) {
        throw new UnsupportedOperationException("after " + run(command));
    }

    boolean isConnected() {
        return build.isConnected();
    }

    @ActivateRequestContext
    String runInOwnRequest(String command) {
        return run(command);
    }
}
