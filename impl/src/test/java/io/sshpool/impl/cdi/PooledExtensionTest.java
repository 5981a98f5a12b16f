package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PooledExtensionTest {

    @Test
    void wellFormedValuesAreDeployed() {
        try (TestContainer container = TestContainer.start(WellFormed.class)) {
            assertThat(container.bean(WellFormed.class).targets()).isEqualTo("default deploy@web1:22");
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                InField.class,
                InInstance.class,
                InProvider.class,
                InConstructor.class,
                InInitializer.class,
                InObserver.class,
                InProducer.class,
                InDisposer.class
            })
    void aMalformedValueFailsTheDeploymentAndNamesTheMember(Class<?> bean) {
        Throwable failure = catchThrowable(() -> TestContainer.start(bean).close());

        assertThat(failure)
                .isNotNull()
                .hasMessageContaining("malformed value in @Pooled(\"a@b@c\")")
                .hasMessageContaining(bean.getName())
                .hasMessageContaining("offender");
    }

    @Test
    void everyMalformedValueIsListed() {
        Throwable failure = catchThrowable(
                () -> TestContainer.start(InField.class, InObserver.class).close());

        assertThat(failure)
                .hasMessageContaining(InField.class.getName())
                .hasMessageContaining(InObserver.class.getName());
    }

    @Test
    void oneDeploymentsProblemsAreNotTheNextOnes() {
        assertThat(catchThrowable(() -> TestContainer.start(InField.class).close()))
                .isNotNull();

        assertThat(catchThrowable(() -> TestContainer.start(WellFormed.class).close()))
                .isNull();
    }

    @ApplicationScoped
    static class WellFormed {
        @Inject
        @Pooled
        SshClient byDefault;

        @Inject
        @Pooled("deploy@web1:22")
        SshClient web;

        String targets() {
            return byDefault.target() + " " + web.target();
        }

        void observe(@Observes String event, @Pooled("build") SshClient build) {}
    }

    @ApplicationScoped
    static class InField {
        @Inject
        @Pooled("a@b@c")
        SshClient offender;
    }

    @ApplicationScoped
    static class InInstance {
        @Inject
        @Pooled("a@b@c")
        Instance<SshClient> offender;
    }

    @ApplicationScoped
    static class InProvider {
        @Inject
        @Pooled("a@b@c")
        Provider<SshClient> offender;
    }

    @Dependent
    static class InConstructor {
        @Inject
        InConstructor(@Pooled("a@b@c") SshClient offender) {}
    }

    @ApplicationScoped
    static class InInitializer {
        @Inject
        void initialize(@Pooled("a@b@c") SshClient offender) {}
    }

    @ApplicationScoped
    static class InObserver {
        void observe(@Observes String event, @Pooled("a@b@c") SshClient offender) {}
    }

    @ApplicationScoped
    static class InProducer {
        @Produces
        StringBuilder produce(@Pooled("a@b@c") SshClient offender) {
            return new StringBuilder();
        }
    }

    @ApplicationScoped
    static class InDisposer {
        @Produces
        StringBuilder produce() {
            return new StringBuilder();
        }

        void dispose(@Disposes StringBuilder product, @Pooled("a@b@c") SshClient offender) {}
    }
}
