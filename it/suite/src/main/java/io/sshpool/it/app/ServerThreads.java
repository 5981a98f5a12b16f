package io.sshpool.it.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The server's executor: that of Jakarta Concurrency, else a bean, else threads without any container's knowledge. */
@ApplicationScoped
public class ServerThreads implements Executor {

    @Inject
    Instance<ScheduledExecutorService> beans;

    @Override
    public void execute(Runnable task) {
        executor().execute(task);
    }

    private Executor executor() {
        try {
            return InitialContext.doLookup("java:comp/DefaultManagedScheduledExecutorService");
        } catch (NamingException none) {
            return beans.isResolvable() ? beans.get() : task -> new Thread(task, "plain").start();
        }
    }
}
