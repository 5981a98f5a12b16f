package io.sshpool.it.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Where the resources are; a bean, as Helidon finds only beans. */
@ApplicationScoped
@ApplicationPath("/api")
public class Api extends Application {}
