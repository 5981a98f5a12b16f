package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What servers of Jakarta's Web Profile have besides: asynchronous servlets. */
public abstract class WebProfileAsyncSuite extends AsyncSuite {

    private static final String DISPATCH = "async?how=dispatch";

    /** Whether the server activates a request scope for a dispatch from a thread that is not its own. */
    protected boolean dispatchIsARequest() {
        return true;
    }

    @Override
    protected final List<String> asynchronous() {
        return Stream.concat(super.asynchronous().stream(), Stream.of("async")).toList();
    }

    /** A dispatch, too: some servers end its scope twice. */
    @Override
    protected final List<String> others() {
        return Stream.concat(super.others().stream(), Stream.of(DISPATCH)).toList();
    }

    @Test
    void aDispatchedRequestUsesItsHandleAgainOrSaysWhyItCannot() {
        for (int i = 0; i < 20; i++) {
            assertThat(client().get(DISPATCH + "&command=sleep%2020"))
                    .matches(
                            dispatchIsARequest()
                                    ? "\\d+:sleep 20 \\d+:sleep 20"
                                    : "\\d+:sleep 20 .*no request scope is active.*SshPool.acquire.*");
        }
        awaitNoLease();
    }
}
