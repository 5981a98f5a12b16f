package io.sshpool.it.suite;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Has a key that no target can have. */
@ApplicationScoped
public class Misspelt {

    @Inject
    @Pooled("build server")
    SshClient typo;
}
