package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Gets its handle by its constructor. */
@ApplicationScoped
public class ConstructorBean {

    private final SshClient build;

    /** For client proxies only. */
    public ConstructorBean() {
        this(null);
    }

    @Inject
    ConstructorBean(@Pooled("build") SshClient build) {
        this.build = build;
    }

    public String run(String command) {
        return build.execute(command).orThrow().stdout();
    }
}
