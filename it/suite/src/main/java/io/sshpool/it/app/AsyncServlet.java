package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Runs a command without a thread; the answer is written when it ends ({@code how=start}) or after a dispatch. */
@WebServlet(urlPatterns = "/async", asyncSupported = true)
@SuppressWarnings("serial") // no server serializes a servlet
public class AsyncServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String ANSWER = "answer";
    private static final String COMMAND = "command";

    @Inject
    @Pooled("build")
    SshClient build;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object answer = request.getAttribute(ANSWER);
        if (answer != null) {
            // After the dispatch: the same handle once more.
            response.getWriter().print(answer + " " + again((String) request.getAttribute(COMMAND)));
            return;
        }
        boolean dispatch = "dispatch".equals(request.getParameter("how"));
        String command = request.getParameter(COMMAND);
        // Undertow does not decode the query again for a dispatch.
        request.setAttribute(COMMAND, command);
        AsyncContext async = request.startAsync();
        build.executeAsync(command).whenComplete((result, failure) -> {
            String text = failure != null ? String.valueOf(failure) : result.stdout();
            if (dispatch) {
                request.setAttribute(ANSWER, text);
                async.dispatch();
            } else {
                write(async, text);
            }
        });
    }

    /** Not every server activates a request scope for a dispatch from another thread. */
    private String again(String command) {
        try {
            return build.execute(command).orThrow().stdout();
        } catch (IllegalStateException noRequest) {
            return noRequest.getMessage();
        }
    }

    private static void write(AsyncContext async, String text) {
        try {
            async.getResponse().getWriter().print(text);
        } catch (IOException gone) {
            async.getRequest().getServletContext().log("the client has gone", gone);
        } finally {
            async.complete();
        }
    }
}
