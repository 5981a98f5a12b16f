package io.sshpool.it.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The tests' HTTP client. */
final class Client {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI base;

    Client(URI base) {
        this.base = base;
    }

    /** The body of an answer that must be a success. */
    String get(String path) {
        HttpResponse<String> answer = answer(path);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("GET " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** Any answer. */
    HttpResponse<String> answer(String path) {
        try {
            return http.send(request(path), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build();
    }
}
