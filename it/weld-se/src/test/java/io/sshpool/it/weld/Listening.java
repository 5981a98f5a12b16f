package io.sshpool.it.weld;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;

/** Gets its handle with the event. */
@ApplicationScoped
class Listening {

    void answer(@Observes Question question, @Pooled("build") SshClient build) {
        question.answer().complete(build.execute(question.command()).stdout());
    }

    /** An event. */
    record Question(String command, CompletableFuture<String> answer) {}
}
