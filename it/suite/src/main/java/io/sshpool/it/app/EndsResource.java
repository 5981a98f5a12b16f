package io.sshpool.it.app;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;

/** The ways in which a request that used a handle may end. */
@RequestScoped
@Path("ends")
public class EndsResource {

    private static final int COMMANDS = 100;
    private static final int LINES = 2_000;

    @Inject
    RequestBean request;

    @GET
    @Path("well")
    public String well() {
        return request.run("well");
    }

    @GET
    @Path("exception")
    public String exception() {
        throw new IllegalStateException("after " + request.run("exception"));
    }

    @GET
    @Path("not-found")
    public String notFound() {
        throw new NotFoundException("after " + request.run("not-found"));
    }

    /** Many lines of many commands, so that a client may go away in the middle. */
    @GET
    @Path("stream")
    public StreamingOutput stream() {
        return out -> {
            for (int i = 0; i < COMMANDS; i++) {
                String line = request.run("stream") + "\n";
                out.write(line.repeat(LINES).getBytes(StandardCharsets.UTF_8));
            }
        };
    }
}
