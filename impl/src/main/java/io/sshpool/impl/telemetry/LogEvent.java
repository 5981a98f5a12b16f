package io.sshpool.impl.telemetry;

import java.lang.System.Logger.Level;
import java.util.Locale;

/** What is logged, each with an identifier that stays: people search for it. */
enum LogEvent {
    CONFIG_IGNORED(101, Level.WARNING, "configuration: %s"),
    INSECURE_TARGET(
            102,
            Level.WARNING,
            "INSECURE: %s accepts any host key, so anybody between here and there can read along and take the credential;"
                    + " set known-hosts or host-key-fingerprint, and host-key-checking=strict"),
    OPENED(103, Level.INFO, "the pool is open, configured targets: %d"),
    CLOSED(104, Level.INFO, "the pool is closed"),
    SSH_CONFIG_NOT_TAKEN(105, Level.WARNING, "ssh-config: not taken from %s"),
    CONNECTED(201, Level.DEBUG, "connection %d to %s is open"),
    CONNECT_FAILED(202, Level.WARNING, "cannot connect to %s: %s"),
    CREDENTIAL_REJECTED(203, Level.WARNING, "%s rejected the credential: %s"),
    HOST_KEY_REFUSED(204, Level.WARNING, "the host key of %s is not trusted: %s"),
    CONNECT_FAILED_AGAIN(205, Level.DEBUG, "still cannot connect to %s, %d failures in a row: %s"),
    RECOVERED(206, Level.INFO, "%s can be reached again after %d failed connects"),
    CONNECTION_LOST(207, Level.INFO, "connection %d to %s was lost after %d s"),
    CONNECTION_UNHEALTHY(208, Level.INFO, "connection %d to %s did not answer a probe and was closed after %d s"),
    CONNECTION_CLOSED(209, Level.DEBUG, "connection %d to %s was closed after %d s: %s"),
    CHANNEL_LIMIT_LEARNED(210, Level.DEBUG, "%s refused a channel; from now on at most %d on one connection"),
    CONNECT_DROPPED(211, Level.DEBUG, "%s dropped a connect, which is tried again: %s"),
    ACQUIRE_TIMED_OUT(301, Level.WARNING, "%s (and %d more since the last such line)"),
    LEASE_OVERDUE(302, Level.WARNING, "a lease of %s has held a connection for %d s; it was %s"),
    LEASE_RECLAIMED(
            303,
            Level.WARNING,
            "a lease of %s was never closed and has been reclaimed; acquire in try-with-resources%s"),
    COMMAND_FAILED(401, Level.DEBUG, "a command on %s failed: %s"),
    CLEANED_UP(501, Level.DEBUG, "the clean-up closed %d connections"),
    HEALTH_CHECKED(502, Level.DEBUG, "the health check found %d healthy connections and %d failed ones"),
    LISTENER_FAILED(601, Level.WARNING, "the listener %s threw %s at %s; ignored, as is all that it will throw"),
    TELEMETRY_FAILED(
            602,
            Level.WARNING,
            "no traces or metrics, as OpenTelemetry cannot be used: %s; have one bean of it that works, or set"
                    + " sshpool.telemetry.enabled=false");

    private final int number;
    private final Level level;
    private final String pattern;

    LogEvent(int number, Level level, String pattern) {
        this.number = number;
        this.level = level;
        this.pattern = pattern;
    }

    Level level() {
        return level;
    }

    String id() {
        return "SSHP-" + number;
    }

    /** The line: identifier and text. */
    String line(Object... values) {
        return id() + " " + String.format(Locale.ROOT, pattern, values);
    }
}
