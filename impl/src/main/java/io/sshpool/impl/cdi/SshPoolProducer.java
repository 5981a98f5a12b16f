package io.sshpool.impl.cdi;

import io.sshpool.SshClient;
import io.sshpool.SshPool;
import io.sshpool.impl.health.ReadinessSource;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.PoolListener;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.enterprise.inject.spi.BeanContainer;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.microprofile.config.Config;

/** Makes the application's pool when it starts, and closes it when it stops. */
@ApplicationScoped
public class SshPoolProducer {

    /** For the container. */
    public SshPoolProducer() {}

    /**
     * Starts the pool with the application, before its other observers: wrong configuration stops the start. The network does
     * not, as required targets are dialled in the background.
     *
     * <p>The two look-ups are not used: a container that removes beans which nothing injects keeps what they could find, for
     * applications that look up dynamically only.
     */
    void start(
            @Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) Startup event,
            ContainerPool pool,
            @Any Instance<SshClient> handles,
            Instance<SshPool> pools) {
        // The pool is behind a client proxy: the first call makes it.
        pool.stats();
    }

    /** The pool; beans of the application take the place of our parts. */
    @Produces
    @ApplicationScoped
    @Typed({SshPool.class, ContainerPool.class, ReadinessSource.class})
    ContainerPool pool(
            Config config,
            Instance<ConnectionFactory> connections,
            Instance<CredentialProvider> credentials,
            Instance<HostKeyPolicy> hostKeys,
            @Any Instance<PoolListener> listeners,
            Instance<ScheduledExecutorService> executors,
            BeanContainer container) {
        PoolAssembly assembly = new PoolAssembly(
                config,
                bean(connections),
                bean(credentials),
                bean(hostKeys),
                listeners.stream().toList(),
                type -> bean(container.createInstance().select(type)),
                ContainerExecutor.find(executors));
        return new ContainerPool(assembly.start());
    }

    void close(@Disposes ContainerPool pool) {
        pool.shutDown();
    }

    /** Two of a kind are the application's mistake, which the container explains. */
    private static <T> Optional<T> bean(Instance<T> beans) {
        return beans.isUnsatisfied() ? Optional.empty() : Optional.of(beans.get());
    }
}
