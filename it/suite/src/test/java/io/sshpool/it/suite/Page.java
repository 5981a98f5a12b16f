package io.sshpool.it.suite;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.util.UUID;

/** The one resource of an application that knows no pool, at addresses of the sample application. */
@Path("")
public class Page {

    private static final String INSTANCE = UUID.randomUUID().toString();

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

    /** Where it is; a class of its own, as the tests' JVM knows no {@code Application}. */
    @ApplicationPath("/api")
    public static class Api extends Application {}
}
