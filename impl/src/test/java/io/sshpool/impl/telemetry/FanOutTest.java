package io.sshpool.impl.telemetry;

import static io.sshpool.impl.telemetry.Samples.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.Output;
import io.sshpool.PoolClosedException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshException;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FanOutTest {

    private static final Command COMMAND = Command.shell("hunter2");

    private final RecordingLogger logger = new RecordingLogger(Level.INFO);

    @Test
    void nobodyListeningCostsNothing() {
        PoolListener nobody = FanOut.of(List.of());
        assertThat(nobody.acquiring(WEB)).isSameAs(PoolListener.Acquire.NONE);
        assertThat(nobody.connecting(WEB)).isSameAs(PoolListener.Connect.NONE);
        assertThat(nobody.executing(WEB, COMMAND)).isSameAs(PoolListener.Execute.NONE);
    }

    @Test
    void ourOwnAloneIsAskedDirectly() {
        LoggingListener own = new LoggingListener();
        assertThat(FanOut.of(List.of(own))).isSameAs(own);
    }

    @Test
    void listenersThatWatchNothingLeaveNothingToWatch() {
        PoolListener both = fanOut(new PoolListener() {}, new PoolListener() {});
        assertThat(both.acquiring(WEB)).isSameAs(PoolListener.Acquire.NONE);
        assertThat(both.connecting(WEB)).isSameAs(PoolListener.Connect.NONE);
        assertThat(both.executing(WEB, COMMAND)).isSameAs(PoolListener.Execute.NONE);
        assertThat(both.checkingHealth()).isSameAs(PoolListener.HealthCheck.NONE);
        assertThat(both.cleaningUp()).isSameAs(PoolListener.Cleanup.NONE);
    }

    @Test
    void eachListenerHearsEverythingInOrder() {
        List<String> heard = new ArrayList<>();
        tellAll(fanOut(new Recorder("a ", heard), new Recorder("b ", heard)));
        List<String> expected = Recorder.all();
        assertThat(heard).hasSize(2 * expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(heard.subList(2 * i, 2 * i + 2)).containsExactly("a " + expected.get(i), "b " + expected.get(i));
        }
    }

    @Test
    void whatOneThrowsIsLoggedOnceAndTheOthersHearOn() {
        List<String> heard = new ArrayList<>();
        PoolListener all = fanOut(new ThrowsAtOnce(), new ThrowsLater(), new Recorder("", heard));
        tellAll(all);
        tellAll(all);
        assertThat(heard).hasSize(2 * Recorder.all().size());
        assertThat(logger.lines()).hasSize(2).allMatch(line -> line.startsWith("WARNING SSHP-601 the listener "));
        assertThat(logger.lines().get(0))
                .contains(ThrowsAtOnce.class.getName(), "threw java.lang.NoClassDefFoundError at io.sshpool")
                .doesNotContain("hunter2");
        assertThat(logger.lines().get(1)).contains(ThrowsLater.class.getName(), "IllegalStateException");
    }

    @Test
    void oneForeignListenerIsIsolatedToo() {
        tellAll(fanOut(new ThrowsAtOnce()));
        assertThat(logger.lines()).hasSize(1);
    }

    @Test
    void aListenerThatReturnsNullWatchesNothing() {
        PoolListener careless = new PoolListener() {
            @Override
            public Acquire acquiring(Target target) {
                return null;
            }
        };
        assertThat(fanOut(careless).acquiring(WEB)).isSameAs(PoolListener.Acquire.NONE);
    }

    private PoolListener fanOut(PoolListener... listeners) {
        return FanOut.of(List.of(listeners), new Log(logger));
    }

    private static void tellAll(PoolListener listener) {
        SshException failure = new PoolClosedException("web");
        PoolListener.Acquire acquire = listener.acquiring(WEB);
        acquire.granted(1, true);
        acquire.released();
        acquire.failed(failure);
        PoolListener.Connect connect = listener.connecting(WEB);
        connect.connected(2);
        connect.failed(failure);
        PoolListener.Execute execute = listener.executing(WEB, COMMAND);
        execute.completed(ExecResult.exited("web", 0, Output.EMPTY, Duration.ZERO));
        execute.failed(failure);
        listener.checkingHealth().completed(new HealthReport(0, 0, 0, 0, Map.of()));
        listener.cleaningUp().completed(3);
        listener.connectionClosed(WEB, 4, CloseReason.IDLE, Duration.ZERO);
        listener.leaseOverdue(WEB, Duration.ZERO, failure);
        listener.leaseReclaimed(WEB, Optional.empty());
        listener.channelLimitLearned(WEB, 5);
    }

    private record Recorder(String name, List<String> heard) implements PoolListener {

        private static List<String> all() {
            List<String> heard = new ArrayList<>();
            tellAll(new Recorder("", heard));
            assertThat(heard).hasSize(18);
            return heard;
        }

        private void hear(String what) {
            heard.add(name + what);
        }

        @Override
        public Acquire acquiring(Target target) {
            hear("acquiring");
            return new Acquire() {
                @Override
                public void granted(long connection, boolean reused) {
                    hear("granted " + connection + reused);
                }

                @Override
                public void failed(Throwable failure) {
                    hear("acquire failed");
                }

                @Override
                public void released() {
                    hear("released");
                }
            };
        }

        @Override
        public Connect connecting(Target target) {
            hear("connecting");
            return new Connect() {
                @Override
                public void connected(long connection) {
                    hear("connected " + connection);
                }

                @Override
                public void failed(SshException failure) {
                    hear("connect failed");
                }
            };
        }

        @Override
        public Execute executing(Target target, Command command) {
            hear("executing");
            return new Execute() {
                @Override
                public void completed(ExecResult result) {
                    hear("completed " + result.exitCode());
                }

                @Override
                public void failed(Throwable failure) {
                    hear("execute failed");
                }
            };
        }

        @Override
        public HealthCheck checkingHealth() {
            hear("checking");
            return new HealthCheck() {
                @Override
                public void completed(HealthReport report) {
                    hear("checked");
                }
            };
        }

        @Override
        public Cleanup cleaningUp() {
            hear("cleaning");
            return new Cleanup() {
                @Override
                public void completed(int removed) {
                    hear("cleaned " + removed);
                }
            };
        }

        @Override
        public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
            hear("closed " + connection);
        }

        @Override
        public void leaseOverdue(Target target, Duration open, Throwable acquired) {
            hear("overdue");
        }

        @Override
        public void leaseReclaimed(Target target, Optional<Throwable> acquired) {
            hear("reclaimed");
        }

        @Override
        public void channelLimitLearned(Target target, int channels) {
            hear("learned " + channels);
        }
    }

    private static final class ThrowsAtOnce implements PoolListener {
        @Override
        public Acquire acquiring(Target target) {
            throw new NoClassDefFoundError("hunter2");
        }

        @Override
        public Connect connecting(Target target) {
            throw new OutOfMemoryError();
        }

        @Override
        public void channelLimitLearned(Target target, int channels) {
            throw new IllegalStateException();
        }
    }

    private static final class ThrowsLater implements PoolListener {
        @Override
        public Acquire acquiring(Target target) {
            return new Acquire() {
                @Override
                public void released() {
                    throw new IllegalStateException();
                }
            };
        }
    }
}
