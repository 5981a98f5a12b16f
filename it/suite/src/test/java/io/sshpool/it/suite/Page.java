package io.sshpool.it.suite;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The one resource of an application that knows no pool, at addresses of the sample application. */
@Path("")
public class Page {

    private static final String INSTANCE = UUID.randomUUID().toString();
    private static final AtomicInteger PENDING = new AtomicInteger();

    @GET
    @Path("ping")
    public String ping() {
        return "pong";
    }

    /** Another one after each deployment. */
    @GET
    @Path("pool/instance")
    public String instance() {
        return INSTANCE;
    }

    /** An answer that never comes. */
    @GET
    @Path("async/lease")
    public CompletionStage<String> never() {
        PENDING.incrementAndGet();
        return new CompletableFuture<>();
    }

    /** How many callers wait for that. */
    @GET
    @Path("pending")
    public int pending() {
        return PENDING.get();
    }

    /** Where it is; a class of its own, as the tests' JVM knows no {@code Application}. */
    @ApplicationPath("/api")
    public static class Api extends Application {}
}
