package io.sshpool.impl.cdi;

import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Finds the container's executor for housekeeping. */
final class ContainerExecutor {

    static final String JNDI_NAME = "java:comp/DefaultManagedScheduledExecutorService";

    private ContainerExecutor() {}

    /**
     * The managed executor of Jakarta Concurrency, else a bean. To be called when the application starts, as the name
     * resolves on the container's threads only.
     *
     * @param beans the beans of that type
     * @return empty when the pool must use its own thread
     */
    static Optional<Executor> find(Instance<ScheduledExecutorService> beans) {
        Optional<Executor> managed = managed();
        if (managed.isPresent()) {
            return managed;
        }
        // Of several none is ours to choose.
        return beans.isResolvable() ? Optional.of(beans.get()) : Optional.empty();
    }

    private static Optional<Executor> managed() {
        try {
            return InitialContext.doLookup(JNDI_NAME) instanceof Executor executor
                    ? Optional.of(executor)
                    : Optional.empty();
        } catch (NamingException | RuntimeException | LinkageError absent) {
            // No JNDI, or none with such a name, is the ordinary case: containers say it in all of these ways.
            return Optional.empty();
        }
    }
}
