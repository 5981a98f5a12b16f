package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet with a handle. */
@WebServlet("/servlet")
@SuppressWarnings("serial") // no server serializes a servlet
public class CommandServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    @Pooled("build")
    SshClient build;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getWriter()
                .print(build.execute(request.getParameter("command")).orThrow().stdout());
    }
}
