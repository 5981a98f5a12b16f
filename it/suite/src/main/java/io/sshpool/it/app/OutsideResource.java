package io.sshpool.it.app;

import io.sshpool.SshPool;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Work where there is no request. */
@RequestScoped
@Path("outside")
public class OutsideResource {

    @Inject
    FieldBean fields;

    @Inject
    Night night;

    @Inject
    Morning morning;

    @Inject
    SshPool pool;

    @Inject
    ServerThreads threads;

    /** What a handle says on a thread that no container knows. */
    @GET
    @Path("thread")
    public String thread() {
        return onAThread(() -> {
            try {
                return fields.build().execute("never").stdout();
            } catch (IllegalStateException refused) {
                return refused.getMessage();
            }
        });
    }

    @GET
    @Path("activated")
    public String activated() {
        return onAThread(() -> night.work("activated"));
    }

    @GET
    @Path("task")
    public String task() {
        return CompletableFuture.supplyAsync(() -> pool.execute("build", "task").stdout(), threads)
                .join();
    }

    /** What the start-up observer got. */
    @GET
    @Path("startup")
    public String startup() {
        return morning.answer().toCompletableFuture().join();
    }

    /** A handle in a managed task that activates a request. */
    @GET
    @Path("managed")
    public String managedHandle() {
        return CompletableFuture.supplyAsync(() -> night.work("managed"), threads)
                .join();
    }

    private static String onAThread(Supplier<String> work) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> answer.completeAsync(work, Runnable::run), "plain");
        thread.start();
        return answer.join();
    }
}
