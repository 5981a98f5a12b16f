package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;

/** Gets its handle with the event. */
@ApplicationScoped
public class ObserverBean {

    void answer(@Observes Question question, @Pooled("build") SshClient build) {
        question.answer().complete(build.execute(question.command()).orThrow().stdout());
    }

    /** The event. */
    public record Question(String command, CompletableFuture<String> answer) {}
}
