package io.sshpool.it.weld;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;

/** Lives as long as a request. */
@RequestScoped
class Request {

    @Inject
    @Pooled("build")
    SshClient build;

    String run(String command) {
        return build.execute(command).orThrow().stdout();
    }
}
