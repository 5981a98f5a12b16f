package io.sshpool.impl.telemetry;

import static io.sshpool.impl.telemetry.Samples.ANYBODY;
import static io.sshpool.impl.telemetry.Samples.WEB;
import static io.sshpool.impl.telemetry.Samples.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.HealthReport;
import io.sshpool.HostKeyException;
import io.sshpool.Output;
import io.sshpool.PoolClosedException;
import io.sshpool.PoolStats;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConnectException;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoggingListenerTest {

    private final AtomicLong clock = new AtomicLong();
    private final RecordingLogger logger = new RecordingLogger(Level.DEBUG);
    private final LoggingListener listener = new LoggingListener(new Log(logger), clock::get);

    @Test
    void theFirstFailureOfASeriesWarnsTheOthersDoNot() {
        fail(WEB, refused());
        fail(WEB, refused());
        fail(target("db", true, Trust.NOBODY), refused());
        listener.connecting(WEB).connected(7);
        fail(WEB, refused());
        assertThat(logger.lines())
                .containsExactly(
                        "WARNING SSHP-202 cannot connect to web: SshConnectException: connection refused",
                        "DEBUG SSHP-205 still cannot connect to web, 2 failures in a row:"
                                + " SshConnectException: connection refused",
                        "WARNING SSHP-202 cannot connect to db: SshConnectException: connection refused",
                        "DEBUG SSHP-201 connection 7 to web is open",
                        "INFO SSHP-206 web can be reached again after 2 failed connects",
                        "WARNING SSHP-202 cannot connect to web: SshConnectException: connection refused");
    }

    @Test
    void aDialThatIsGivenUpAsThePoolClosesIsNoNews() {
        listener.connecting(WEB).failed(new PoolClosedException("web"));
        assertThat(logger.lines()).isEmpty();
    }

    @Test
    void aConnectThatFollowsNoFailureIsNoNews() {
        listener.connecting(WEB).connected(1);
        assertThat(logger.lines()).containsExactly("DEBUG SSHP-201 connection 1 to web is open");
    }

    @Test
    void rejectedCredentialsAndHostKeysHaveLinesOfTheirOwn() {
        fail(WEB, new SshAuthenticationException("web", "tried publickey", null));
        fail(target("u@db:22", false, Trust.NOBODY), new HostKeyException("u@db:22", "changed", null));
        assertThat(logger.lines())
                .containsExactly(
                        "WARNING SSHP-203 web rejected the credential: SshAuthenticationException: tried publickey",
                        "WARNING SSHP-204 the host key of u@db:22 is not trusted: HostKeyException: changed");
    }

    @Test
    void aFailureOfAnotherKindIsNewsInTheMiddleOfASeries() {
        fail(WEB, refused());
        fail(WEB, new HostKeyException("web", "changed", null));
        assertThat(logger.lines())
                .containsExactly(
                        "WARNING SSHP-202 cannot connect to web: SshConnectException: connection refused",
                        "WARNING SSHP-204 the host key of web is not trusted: HostKeyException: changed");
    }

    @Test
    void aDroppedConnectThatIsTriedAgainIsNoNews() {
        fail(
                WEB,
                new SshConnectException(
                        "web",
                        SshConnectException.Phase.BANNER,
                        SshConnectException.Kind.TRANSIENT,
                        "connection reset",
                        null));
        listener.connecting(WEB).connected(1);
        assertThat(logger.lines())
                .containsExactly(
                        "DEBUG SSHP-211 web dropped a connect, which is tried again: SshConnectException: connection reset",
                        "DEBUG SSHP-201 connection 1 to web is open");
    }

    @Test
    void whatAServerSaysStaysOnOneLine() {
        fail(
                WEB,
                new SshConnectException(
                        "web",
                        SshConnectException.Phase.BANNER,
                        SshConnectException.Kind.UNREACHABLE,
                        "saw \"{0}\u001b[2J\nWARNING SSHP-102 forged" + "x".repeat(1000),
                        null));
        assertThat(logger.lines())
                .singleElement()
                .asString()
                .startsWith("WARNING SSHP-202 cannot connect to web: SshConnectException: saw \"{0}?[2J?WARNING")
                .hasSizeLessThan(800);
    }

    @Test
    void aLostConnectionIsInformationAnExpectedEndIsNot() {
        for (CloseReason reason : CloseReason.values()) {
            listener.connectionClosed(WEB, reason.ordinal(), reason, Duration.ofSeconds(90));
        }
        assertThat(logger.lines())
                .hasSize(CloseReason.values().length)
                .contains(
                        "INFO SSHP-207 connection " + CloseReason.LOST.ordinal() + " to web was lost after 90 s",
                        "INFO SSHP-208 connection " + CloseReason.UNHEALTHY.ordinal()
                                + " to web did not answer a probe and was closed after 90 s",
                        "DEBUG SSHP-209 connection " + CloseReason.IDLE.ordinal()
                                + " to web was closed after 90 s: IDLE")
                .filteredOn(line -> line.startsWith("INFO"))
                .hasSize(2);
    }

    @Test
    void timeoutsOfAnAcquireWarnOncePerMinuteAndAreCounted() {
        for (int i = 0; i < 5; i++) {
            timeOut();
        }
        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        timeOut();
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        timeOut();
        clock.addAndGet(Duration.ofSeconds(60).toNanos());
        timeOut();
        listener.acquiring(WEB).failed(refused());
        assertThat(logger.lines())
                .containsExactly(
                        "WARNING SSHP-301 nothing came free (and 0 more since the last such line)",
                        "WARNING SSHP-301 nothing came free (and 5 more since the last such line)",
                        "WARNING SSHP-301 nothing came free (and 0 more since the last such line)");
    }

    @Test
    void leaksWarnWithTheStackOfTheAcquireWhereItIsKnown() {
        Throwable acquired = new Throwable("acquired here");
        listener.leaseOverdue(WEB, Duration.ofSeconds(61), acquired);
        listener.leaseReclaimed(WEB, Optional.of(acquired));
        listener.leaseReclaimed(WEB, Optional.empty());
        assertThat(logger.lines())
                .containsExactly(
                        "WARNING SSHP-302 a lease of web has held a connection for 61 s; it was acquired here",
                        "WARNING SSHP-303 a lease of web was never closed and has been reclaimed;"
                                + " acquire in try-with-resources; it was acquired here",
                        "WARNING SSHP-303 a lease of web was never closed and has been reclaimed;"
                                + " acquire in try-with-resources;"
                                + " set sshpool.leak-detection-threshold to see where it was acquired");
        assertThat(logger.stacks()).containsExactly(acquired, acquired);
    }

    @Test
    void aLeakNamesTheInjectionPointOfItsHandle() {
        Throwable acquired = new Throwable("acquired here by the handle injected into com.example.Releases.build");
        listener.leaseOverdue(WEB, Duration.ofSeconds(61), acquired);
        assertThat(logger.lines())
                .containsExactly(
                        "WARNING SSHP-302 a lease of web has held a connection for 61 s; it was acquired here by the"
                                + " handle injected into com.example.Releases.build");
    }

    @Test
    void aFailedCommandIsToldWithoutItsTextAndForeignMessagesAreNot() {
        Command command = Command.of("login", "hunter2").env("TOKEN", "hunter2");
        listener.executing(WEB, command)
                .failed(new CommandTimeoutException("web", Duration.ofSeconds(1), Output.EMPTY));
        listener.executing(WEB, command).failed(new IllegalStateException("hunter2"));
        assertThat(logger.lines())
                .containsExactly(
                        "DEBUG SSHP-401 a command on web failed: CommandTimeoutException: the command on web was still"
                                + " running after 1000 ms; raise Command.timeout or command-timeout if it may take longer",
                        "DEBUG SSHP-401 a command on web failed: IllegalStateException");
    }

    @Test
    void housekeepingIsForDebugging() {
        listener.channelLimitLearned(WEB, 2);
        listener.cleaningUp().completed(0);
        listener.cleaningUp().completed(3);
        listener.checkingHealth().completed(new HealthReport(3, 2, 1, 0, Map.of()));
        assertThat(logger.lines())
                .containsExactly(
                        "DEBUG SSHP-210 web refused a channel; from now on at most 2 on one connection",
                        "DEBUG SSHP-501 the clean-up closed 3 connections",
                        "DEBUG SSHP-502 the health check found 2 healthy connections and 1 failed ones");
    }

    @Test
    void atStartItTellsWhatWasIgnoredAndWhatIsInsecure() {
        List<Target> targets = List.of(WEB, target("old", true, ANYBODY));
        TargetDefaults insecure = new TargetDefaults(22, ANYBODY, Target.Limits.NONE, false);
        listener.started(
                targets,
                TargetDefaults.NONE,
                List.of("sshpool.x: unknown, ignored"),
                List.of("/c: ForwardX11 (line 2)"));
        listener.started(List.of(), insecure, List.of(), List.of());
        assertThat(logger.lines()).hasSize(4);
        assertThat(logger.lines().get(0)).isEqualTo("WARNING SSHP-101 configuration: sshpool.x: unknown, ignored");
        assertThat(logger.lines().get(1))
                .isEqualTo("WARNING SSHP-105 ssh-config: not taken from /c: ForwardX11 (line 2)");
        assertThat(logger.lines().get(2)).startsWith("WARNING SSHP-102 INSECURE: target old accepts any host key");
        assertThat(logger.lines().get(3))
                .startsWith("WARNING SSHP-102 INSECURE: every spelled-out target accepts any host key");
    }

    @Test
    void whatNobodyWouldReadIsNotObserved() {
        LoggingListener quiet = new LoggingListener(new Log(new RecordingLogger(Level.OFF)), clock::get);
        assertThat(quiet.acquiring(WEB)).isSameAs(PoolListener.Acquire.NONE);
        assertThat(quiet.executing(WEB, Command.shell("x"))).isSameAs(PoolListener.Execute.NONE);
    }

    @Test
    void aSeriesGoesOnWhileNobodyReads() {
        RecordingLogger errors = new RecordingLogger(Level.ERROR);
        LoggingListener quiet = new LoggingListener(new Log(errors), clock::get);
        quiet.connecting(WEB).failed(refused());
        quiet.connecting(WEB).connected(1);
        assertThat(errors.lines()).isEmpty();
    }

    @Test
    void aBrokenLoggerHarmsNobody() {
        LoggingListener broken = new LoggingListener(new Log(new Broken()), clock::get);
        assertThatCode(() -> {
                    broken.connecting(WEB).failed(refused());
                    broken.connectionClosed(WEB, 1, CloseReason.LOST, Duration.ZERO);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void thePoolsBeginningAndEndAreTold() {
        PoolStats stats = new PoolStats(List.of(), 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, Map.of());
        listener.opened(() -> stats);
        listener.closed();
        assertThat(logger.lines())
                .containsExactly(
                        "INFO SSHP-103 the pool is open, configured targets: 2", "INFO SSHP-104 the pool is closed");
    }

    @Test
    void onlySoManyTargetsAreRemembered() {
        Series series = new Series(2);
        series.failed("a", LogEvent.CONNECT_FAILED);
        series.failed("b", LogEvent.CONNECT_FAILED);
        series.failed("c", LogEvent.CONNECT_FAILED);
        assertThat(series.succeeded("a")).isZero();
        assertThat(series.succeeded("b")).isOne();
        assertThat(series.succeeded("c")).isOne();
    }

    @ParameterizedTest
    @EnumSource(LogEvent.class)
    void everyLineHasAnIdentifierOfItsOwn(LogEvent event) {
        String line = event.line(values(event));
        assertThat(line).matches("SSHP-[1-6]\\d\\d .*");
        for (LogEvent other : LogEvent.values()) {
            assertThat(line.startsWith(other.line(values(other)).substring(0, 9)))
                    .isEqualTo(other == event);
        }
    }

    private static Object[] values(LogEvent event) {
        return switch (event) {
            case CONNECTED -> new Object[] {1, "web"};
            case CONNECTION_LOST, CONNECTION_UNHEALTHY, CONNECTION_CLOSED -> new Object[] {1, "web", 2, "x"};
            case OPENED, CLEANED_UP, HEALTH_CHECKED -> new Object[] {1, 2};
            case CONNECT_FAILED, COMMAND_FAILED, CREDENTIAL_REJECTED, HOST_KEY_REFUSED -> new Object[] {"web", "x"};
            case LISTENER_FAILED -> new Object[] {"web", "x", "y"};
            default -> new Object[] {"web", 1, 2};
        };
    }

    private void fail(Target target, SshConnectException failure) {
        listener.connecting(target).failed(failure);
    }

    private void timeOut() {
        listener.acquiring(WEB).failed(new AcquireTimeoutException("web", "nothing came free", null));
    }

    private static SshConnectException refused() {
        return new SshConnectException(
                "web", SshConnectException.Phase.TCP, SshConnectException.Kind.UNREACHABLE, "connection refused", null);
    }

    private static final class Broken implements System.Logger {
        @Override
        public String getName() {
            return "broken";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            throw new OutOfMemoryError();
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
            throw new OutOfMemoryError();
        }
    }
}
