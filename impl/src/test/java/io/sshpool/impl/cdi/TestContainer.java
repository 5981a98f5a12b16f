package io.sshpool.impl.cdi;

import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Weld with the handles over a {@link RecordedPool}, and beans of the test. */
final class TestContainer implements AutoCloseable {

    /** Held, as the JDK forgets the level of a logger that nobody holds. */
    private static final Logger WELD_LOG = Logger.getLogger("org.jboss.weld");

    static {
        // What it has to say against a deployment, it throws.
        WELD_LOG.setLevel(Level.OFF);
    }

    private final SeContainer weld;

    private TestContainer(SeContainer weld) {
        this.weld = weld;
    }

    static TestContainer start(Class<?>... beans) {
        return start(RecordedPool.class, beans);
    }

    /** With something else in the place of the recorded pool. */
    static TestContainer start(Class<?> pool, Class<?>[] beans) {
        return new TestContainer(SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addProperty("org.jboss.weld.se.shutdownHook", false)
                .addBeanClasses(Handles.class, RequestLeases.class, pool)
                .addBeanClasses(beans)
                .initialize());
    }

    SeContainer weld() {
        return weld;
    }

    <T> T bean(Class<T> type) {
        return weld.select(type).get();
    }

    RecordedPool pool() {
        return bean(RecordedPool.class);
    }

    <T> T inRequest(Supplier<T> work) {
        RequestContextController request = bean(RequestContextController.class);
        request.activate();
        try {
            return work.get();
        } finally {
            request.deactivate();
        }
    }

    @Override
    public void close() {
        weld.close();
    }
}
