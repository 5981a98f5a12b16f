package io.sshpool.demo.web;

import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.Config;

/** Says where the page is, once it is there. */
@ApplicationScoped
public class Address {

    private static final System.Logger LOG = System.getLogger("io.sshpool.demo");

    @Inject
    Config config;

    void opened(@ObservesAsync HttpServerStart start) {
        // Looked up now: Quarkus puts the real port there if the one asked for was 0.
        int port = config.getValue("quarkus.http.port", Integer.class);
        LOG.log(
                System.Logger.Level.INFO,
                "sshpool demo: http://localhost:{0}/  (Ctrl-C stops it)",
                String.valueOf(port));
    }
}
