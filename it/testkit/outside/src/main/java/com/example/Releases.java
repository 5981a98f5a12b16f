package com.example;

import io.sshpool.Command;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;

@RequestScoped
public class Releases {
    @Inject
    @Pooled("build")
    SshClient build;

    public String tag(String version) {
        return build.execute(Command.of("git", "-C", "/srv/app", "tag", "--", version))
                .orThrow()
                .stdout();
    }
}
