package io.sshpool.spi;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/** An open tunnel of a connection. Safe for use by several threads; no method blocks. */
public interface Forward {

    /**
     * Where it listens.
     *
     * @return with the port that was found
     */
    InetSocketAddress address();

    /**
     * Completes when it takes no more connections, because it was closed or the SSH connection is down. Never fails.
     *
     * @return always the same stage
     */
    CompletionStage<Void> closed();

    /** Stops listening, and ends what goes through it. */
    void close();
}
