package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.Hashtable;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContainerExecutorTest {

    private final String factoryBefore = System.getProperty(Context.INITIAL_CONTEXT_FACTORY, "");

    @AfterEach
    void restoreNaming() {
        if (factoryBefore.isEmpty()) {
            System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        } else {
            System.setProperty(Context.INITIAL_CONTEXT_FACTORY, factoryBefore);
        }
    }

    @Test
    void withNeitherNamingNorBeanThereIsNone() {
        try (TestContainer container = TestContainer.start(Finder.class)) {
            assertThat(container.bean(Finder.class).find()).isEmpty();
        }
    }

    @Test
    void aBeanIsTakenWhereThereIsNoNaming() {
        try (TestContainer container = TestContainer.start(Finder.class, OneExecutor.class)) {
            assertThat(container.bean(Finder.class).find())
                    .containsSame(container.bean(ScheduledExecutorService.class));
        }
    }

    @Test
    void ofSeveralBeansNoneIsTaken() {
        try (TestContainer container = TestContainer.start(Finder.class, OneExecutor.class, AnotherExecutor.class)) {
            assertThat(container.bean(Finder.class).find()).isEmpty();
        }
    }

    @Test
    void theManagedExecutorComesBeforeABean() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, ManagedNaming.class.getName());
        try (TestContainer container = TestContainer.start(Finder.class, OneExecutor.class)) {
            assertThat(container.bean(Finder.class).find()).containsSame(ManagedNaming.EXECUTOR);
        }
    }

    @Test
    void somethingElseUnderTheNameIsNoExecutor() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, OtherNaming.class.getName());
        try (TestContainer container = TestContainer.start(Finder.class)) {
            assertThat(container.bean(Finder.class).find()).isEmpty();
        }
    }

    @Test
    void namingThatBreaksIsNamingThatIsMissing() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, BrokenNaming.class.getName());
        try (TestContainer container = TestContainer.start(Finder.class, OneExecutor.class)) {
            assertThat(container.bean(Finder.class).find()).isPresent();
        }
    }

    @ApplicationScoped
    static class Finder {
        @Inject
        Instance<ScheduledExecutorService> executors;

        Optional<Executor> find() {
            return ContainerExecutor.find(executors);
        }
    }

    @ApplicationScoped
    static class OneExecutor {
        @Produces
        @ApplicationScoped
        ScheduledExecutorService executor() {
            return Executors.newSingleThreadScheduledExecutor();
        }

        void stop(@Disposes ScheduledExecutorService executor) {
            executor.shutdownNow();
        }
    }

    @ApplicationScoped
    static class AnotherExecutor {
        @Produces
        @ApplicationScoped
        ScheduledExecutorService executor() {
            return Executors.newSingleThreadScheduledExecutor();
        }

        void stop(@Disposes ScheduledExecutorService executor) {
            executor.shutdownNow();
        }
    }

    /** A naming service that knows one name. */
    public static final class ManagedNaming implements InitialContextFactory {
        /** Starts no thread, as it gets no task. */
        static final ScheduledExecutorService EXECUTOR = Executors.newSingleThreadScheduledExecutor();

        /** For the JDK. */
        public ManagedNaming() {}

        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return naming(EXECUTOR);
        }
    }

    /** A naming service that has something else under the name. */
    public static final class OtherNaming implements InitialContextFactory {
        /** For the JDK. */
        public OtherNaming() {}

        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return naming("no executor");
        }
    }

    /** A naming service that is switched off with an unchecked exception. */
    public static final class BrokenNaming implements InitialContextFactory {
        /** For the JDK. */
        public BrokenNaming() {}

        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) {
            throw new UnsupportedOperationException("no naming here");
        }
    }

    private static Context naming(Object value) throws NamingException {
        return new InitialContext(true) {
            @Override
            public Object lookup(String name) throws NamingException {
                if (!name.equals("java:comp/DefaultManagedScheduledExecutorService")) {
                    throw new NamingException("unknown: " + name);
                }
                return value;
            }
        };
    }
}
