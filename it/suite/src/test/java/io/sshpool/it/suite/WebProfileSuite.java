package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What servers of Jakarta's Web Profile have besides: servlets and managed executors. */
public abstract class WebProfileSuite extends HandleSuite {

    /** Whether the server activates a request scope for a dispatch from a thread that is not its own. */
    protected boolean dispatchIsARequest() {
        return true;
    }

    @Override
    protected final List<String> places() {
        return plus(super.places(), "servlet");
    }

    @Override
    protected final List<String> asynchronous() {
        return plus(super.asynchronous(), "async");
    }

    @Override
    protected final List<String> outside() {
        return plus(super.outside(), "task", "managed");
    }

    @Test
    void aDispatchedRequestUsesItsHandleAgainOrSaysWhyItCannot() {
        for (int i = 0; i < 20; i++) {
            assertThat(client().get("async?how=dispatch&command=sleep%2020"))
                    .matches(
                            dispatchIsARequest()
                                    ? "\\d+:sleep 20 \\d+:sleep 20"
                                    : "\\d+:sleep 20 .*no request scope is active.*SshPool.acquire.*");
        }
        awaitNoLease();
    }

    private static List<String> plus(List<String> paths, String... more) {
        return Stream.concat(paths.stream(), Stream.of(more)).toList();
    }
}
