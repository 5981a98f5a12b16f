package io.sshpool.it.weld;

import jakarta.enterprise.context.spi.Context;
import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.Map;

/** A session that is always active, and that a test can store: then its beans are bytes until somebody uses them. */
final class StoredContext implements Context, Extension {

    private final Map<Contextual<?>, Object> live = new HashMap<>();
    private final Map<Contextual<?>, byte[]> stored = new HashMap<>();

    void register(@Observes AfterBeanDiscovery discovery) {
        discovery.addContext(this);
    }

    /** Turns every bean into bytes. */
    void store() throws IOException {
        for (Map.Entry<Contextual<?>, Object> bean : live.entrySet()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(bean.getValue());
            }
            stored.put(bean.getKey(), bytes.toByteArray());
        }
        live.clear();
    }

    @Override
    public Class<? extends Annotation> getScope() {
        return StoredScoped.class;
    }

    @Override
    public <T> T get(Contextual<T> bean, CreationalContext<T> creation) {
        if (creation == null) {
            return get(bean);
        }
        T found = get(bean);
        return found != null ? found : remember(bean, bean.create(creation));
    }

    @Override
    @SuppressWarnings("unchecked") // each bean is filed under what made it
    public <T> T get(Contextual<T> bean) {
        byte[] bytes = stored.remove(bean);
        return bytes != null ? remember(bean, (T) read(bytes)) : (T) live.get(bean);
    }

    @Override
    public boolean isActive() {
        return true;
    }

    private <T> T remember(Contextual<T> bean, T instance) {
        live.put(bean, instance);
        return instance;
    }

    private static Object read(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
