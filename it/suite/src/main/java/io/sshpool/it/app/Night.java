package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;

/** Works where no request is active. */
@ApplicationScoped
public class Night {

    @Inject
    @Pooled("build")
    SshClient build;

    @ActivateRequestContext
    public String work(String command) {
        return build.execute(command).orThrow().stdout();
    }
}
