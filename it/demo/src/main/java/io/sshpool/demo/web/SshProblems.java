package io.sshpool.demo.web;

import io.sshpool.SshException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers 502 where a resource lets an exception of the pool pass. */
@Provider
public class SshProblems implements ExceptionMapper<SshException> {

    @Override
    public Response toResponse(SshException failure) {
        return Response.status(Response.Status.BAD_GATEWAY)
                .entity(Outcome.Problem.of(failure))
                .build();
    }
}
