package io.sshpool.it.suite;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** The tests' HTTP client. */
public final class Client {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI base;

    public Client(URI base) {
        this.base = base;
    }

    /** The body of an answer that must be a success. */
    public String get(String path) {
        return body(path, answer(path));
    }

    /** Any answer. */
    HttpResponse<String> answer(String path) {
        return send(path, HttpResponse.BodyHandlers.ofString());
    }

    /** The body of an answer that must be a success, without waiting for it. */
    CompletableFuture<String> getLater(String path) {
        return http.sendAsync(request(path), HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> body(path, answer));
    }

    /** Any answer to a caller that traces, without waiting for it. */
    CompletableFuture<HttpResponse<String>> answerLater(String path, String traceparent) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("traceparent", traceparent)
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** An answer whose body is still to come. */
    public HttpResponse<InputStream> open(String path) {
        return send(path, HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Asks as a client that goes away at that moment, whether answered or not. */
    void askAndGo(String path, Callable<Boolean> moment) throws IOException {
        URI uri = base.resolve(path);
        String request = "GET " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: "
                + uri.getAuthority() + "\r\n\r\n";
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            // Closing is a reset, which a server sees at once.
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            await().atMost(PATIENCE).until(moment);
        }
    }

    private <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request(path), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String body(String path, HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("GET " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build();
    }
}
