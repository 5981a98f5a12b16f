package io.sshpool.it.app;

import jakarta.enterprise.inject.spi.CDI;
import java.util.Arrays;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;

/** How long the pool's readiness check takes, without what a server adds. Its own class, as an application may run without Health. */
final class ReadinessTimes {

    private ReadinessTimes() {}

    /** The 99th percentile of so many calls, in microseconds. */
    static long p99(int calls) {
        HealthCheck check = CDI.current().select(HealthCheck.class, Readiness.Literal.INSTANCE).stream()
                .filter(found -> found.call().getName().equals("sshpool"))
                .findFirst()
                .orElseThrow();
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            check.call();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[calls * 99 / 100] / 1_000;
    }
}
