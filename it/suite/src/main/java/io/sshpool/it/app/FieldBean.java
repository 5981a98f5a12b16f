package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Outlives the requests that use its handles; two targets and the default one. */
@ApplicationScoped
public class FieldBean {

    @Inject
    @Pooled
    SshClient ssh;

    @Inject
    @Pooled("build")
    SshClient build;

    @Inject
    @Pooled("web")
    SshClient web;

    public SshClient ssh() {
        return ssh;
    }

    public SshClient build() {
        return build;
    }

    /** One command on each of two targets. */
    public String both(String command) {
        return build.execute(command).orThrow().stdout() + " "
                + web.execute(command).orThrow().stdout();
    }
}
