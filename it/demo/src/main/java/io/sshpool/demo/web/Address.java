package io.sshpool.demo.web;

import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/** Says where the page is, once it is there. */
@ApplicationScoped
public class Address {

    private static final System.Logger LOG = System.getLogger("io.sshpool.demo");

    void opened(@ObservesAsync HttpServerStart start) {
        LOG.log(
                System.Logger.Level.INFO,
                "sshpool demo: http://localhost:{0}/  (Ctrl-C stops it)",
                String.valueOf(start.options().getPort()));
    }
}
