package io.sshpool.it.app;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.concurrent.CompletableFuture;

/** One command through each kind of injection point. */
@RequestScoped
@Path("places")
public class PlacesResource {

    @Inject
    FieldBean fields;

    @Inject
    ConstructorBean constructed;

    @Inject
    RequestBean request;

    @Inject
    ProducerBean.Shell produced;

    @Inject
    Event<ObserverBean.Question> questions;

    @Inject
    @Any
    Instance<SshClient> instances;

    @GET
    @Path("default")
    public String ssh(@QueryParam("command") String command) {
        return fields.ssh().execute(command).orThrow().stdout();
    }

    @GET
    @Path("field")
    public String field(@QueryParam("command") String command) {
        return fields.build().execute(command).orThrow().stdout();
    }

    @GET
    @Path("two")
    public String two(@QueryParam("command") String command) {
        return fields.both(command);
    }

    @GET
    @Path("constructor")
    public String constructor(@QueryParam("command") String command) {
        return constructed.run(command);
    }

    @GET
    @Path("request")
    public String request(@QueryParam("command") String command) {
        return request.run(command);
    }

    @GET
    @Path("producer")
    public String producer(@QueryParam("command") String command) {
        return produced.run(command);
    }

    @GET
    @Path("observer")
    public String observer(@QueryParam("command") String command) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        questions.fire(new ObserverBean.Question(command, answer));
        return answer.join();
    }

    @GET
    @Path("instance")
    public String instance(@QueryParam("command") String command) {
        return instances
                .select(Pooled.Literal.of("build"))
                .get()
                .execute(command)
                .orThrow()
                .stdout();
    }

    /** Three handles of one target in three beans: one lease. */
    @GET
    @Path("shared")
    public String shared(@QueryParam("command") String command) {
        return fields.build().execute(command).orThrow().stdout() + " " + constructed.run(command) + " "
                + request.run(command);
    }
}
