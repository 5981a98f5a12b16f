package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A value of {@code @Pooled} that no target can have, on a server that deploys at run time. Such a server's module extends it. */
public abstract class MalformedSuite {

    /** The server to test. */
    protected abstract Launcher launcher();

    @Test
    void aMalformedHandleStopsTheStartAndNamesClassAndMember() {
        Deployment deployment = Deployment.with(Map.of()).classes(Misspelt.class);

        ServerProcess.StartFailed failure = catchThrowableOfType(
                ServerProcess.StartFailed.class,
                () -> launcher().start(deployment).close());

        assertThat(failure).as("the start fails").isNotNull();
        assertThat(failure.log()).contains("@Pooled(\"build server\")", Misspelt.class.getName() + ".typo");
    }
}
