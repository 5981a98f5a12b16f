package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;

/** Lives as long as the request. */
@RequestScoped
public class RequestBean {

    @Inject
    @Pooled("build")
    SshClient build;

    public String run(String command) {
        return build.execute(command).orThrow().stdout();
    }
}
