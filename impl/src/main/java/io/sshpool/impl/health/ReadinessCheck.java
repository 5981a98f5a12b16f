package io.sshpool.impl.health;

import io.sshpool.impl.pool.Readiness;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Tells the server whether the application's pool can serve its required targets. Has no bean-defining annotation, as only the
 * extension may bring it in, and no injection point, which some containers could not resolve here.
 */
@org.eclipse.microprofile.health.Readiness
public class ReadinessCheck implements HealthCheck {

    /** For the container. */
    public ReadinessCheck() {}

    /** Up, and without data, where the check is switched off. */
    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("sshpool").up();
        CurrentPool.find().readiness().ifPresent(readiness -> tell(readiness, response));
        return response.build();
    }

    private static void tell(Readiness readiness, HealthCheckResponseBuilder response) {
        response.status(readiness.ready());
        ReadinessData data = ReadinessData.of(readiness);
        data.counts().forEach(response::withData);
        data.targets().forEach(response::withData);
    }
}
