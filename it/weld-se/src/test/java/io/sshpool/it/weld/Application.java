package io.sshpool.it.weld;

import io.sshpool.SshPool;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.enterprise.inject.spi.Extension;
import java.util.Map;
import java.util.concurrent.Callable;

/** An application on Weld SE: our jars found by discovery, beans of its own, {@code microprofile-config.properties}. */
final class Application implements AutoCloseable {

    static {
        Quiet.please();
    }

    private final ConfiguredLoader loader;
    private final SeContainer weld;

    private Application(ConfiguredLoader loader, SeContainer weld) {
        this.loader = loader;
        this.weld = weld;
    }

    static Application start(Map<String, String> settings, Class<?>... beans) {
        return start(settings, new Extension[0], beans);
    }

    static Application start(Map<String, String> settings, Extension[] extensions, Class<?>... beans) {
        ConfiguredLoader loader = ConfiguredLoader.of(settings);
        try {
            SeContainer weld = loader.call(() -> SeContainerInitializer.newInstance()
                    .addProperty("org.jboss.weld.se.shutdownHook", false)
                    .addExtensions(extensions)
                    .addBeanClasses(beans)
                    .initialize());
            return new Application(loader, weld);
        } catch (RuntimeException failed) {
            loader.close();
            throw failed;
        }
    }

    SeContainer weld() {
        return weld;
    }

    <T> T bean(Class<T> type) {
        return weld.select(type).get();
    }

    SshPool pool() {
        return bean(SshPool.class);
    }

    <T> T inRequest(Callable<T> work) throws Exception {
        RequestContextController request = bean(RequestContextController.class);
        request.activate();
        try {
            return work.call();
        } finally {
            request.deactivate();
        }
    }

    @Override
    public void close() {
        try {
            weld.close();
        } finally {
            loader.close();
        }
    }
}
