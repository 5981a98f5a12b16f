package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** Makes something out of a handle. */
@ApplicationScoped
public class ProducerBean {

    @Produces
    @Dependent
    Shell shell(@Pooled("build") SshClient build) {
        return command -> build.execute(command).orThrow().stdout();
    }

    /** What is made. */
    @FunctionalInterface
    public interface Shell {
        String run(String command);
    }
}
