package io.sshpool.it.suite;

import java.net.http.HttpResponse;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A request of a caller that traces.
 *
 * @param trace the number of its trace
 * @param caller the number of the caller's span
 * @param answer to come
 */
record TracedRequest(String trace, String caller, CompletableFuture<HttpResponse<String>> answer) {

    static TracedRequest send(Client client, String path) {
        String trace = number() + number();
        String caller = number();
        return new TracedRequest(trace, caller, client.answerLater(path, "00-" + trace + "-" + caller + "-01"));
    }

    int status() {
        return answer.join().statusCode();
    }

    private static String number() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }
}
