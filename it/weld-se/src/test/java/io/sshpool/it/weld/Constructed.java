package io.sshpool.it.weld;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;

/** Gets its handle through the constructor. */
@Dependent
class Constructed {

    private final SshClient build;

    @Inject
    Constructed(@Pooled("build") SshClient build) {
        this.build = build;
    }

    String run(String command) {
        return build.execute(command).orThrow().stdout();
    }
}
