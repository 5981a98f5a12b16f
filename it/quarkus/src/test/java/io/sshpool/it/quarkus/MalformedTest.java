package io.sshpool.it.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import io.sshpool.it.suite.Misspelt;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MalformedTest {

    @RegisterExtension
    static final QuarkusUnitTest BUILD = new QuarkusUnitTest()
            .withApplicationRoot(application -> application.addClass(Misspelt.class))
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining("@Pooled(\"build server\")")
                    .hasStackTraceContaining(Misspelt.class.getName() + ".typo"));

    @Test
    void aMalformedHandleStopsTheBuildAndNamesClassAndMember() {
        Assertions.fail("the application was built");
    }
}
