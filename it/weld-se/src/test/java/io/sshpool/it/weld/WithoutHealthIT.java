package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs with a class path that has neither MicroProfile Health nor OpenTelemetry. */
class WithoutHealthIT {

    private static final Logger ROOT = Logger.getLogger("");

    private final List<LogRecord> warnings = new CopyOnWriteArrayList<>();
    private final Handler listening = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                warnings.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        ROOT.addHandler(listening);
    }

    @AfterEach
    void stopListening() {
        ROOT.removeHandler(listening);
    }

    @Test
    void theApplicationStartsWithoutAWarningAndWorks() throws Exception {
        assertThatThrownBy(() -> Class.forName("org.eclipse.microprofile.health.HealthCheck"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> Class.forName("io.opentelemetry.api.OpenTelemetry"))
                .isInstanceOf(ClassNotFoundException.class);
        try (EmbeddedServer server = new EmbeddedServer()) {
            Map<String, String> settings = server.target("build");
            settings.put("sshpool.target.build.required", "true");
            try (Application application = Application.start(settings, Console.class)) {
                String answer = application.inRequest(
                        () -> application.bean(Console.class).run("uptime"));
                assertThat(answer).isEqualTo("deploy:uptime");
            }
        }
        assertThat(warnings).extracting(LogRecord::getMessage).isEmpty();
    }
}
