package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.PoolFixture.Call;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class ListenerTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void everyOperationIsObservedToItsEndWhateverBecomesOfIt() {
        fixture.open(
                c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1).withAcquireTimeout(Duration.ofSeconds(1)));
        fixture.finish(fixture.call(() -> fixture.pool.execute("a", "true")));
        SshLease lease = fixture.lease("a");
        fixture.acquiring("a");
        fixture.acquiring("b").cancel(true);
        Call<SshLease> interrupted = fixture.call(() -> fixture.pool.acquire("c"));
        interrupted.thread.interrupt();
        fixture.finish(interrupted);
        fixture.advance(Duration.ofSeconds(1));
        fixture.close(lease);
        SshLease request = fixture.pool.requestLease("b");
        fixture.valueOf(request.executeAsync("true"));
        fixture.close(fixture.lease("c"));
        CompletionStage<ExecResult> running = request.executeAsync("hang");
        fixture.settle();
        request.close();
        assertThat(fixture.failureOf(running)).isInstanceOf(LeaseClosedException.class);
        fixture.advance(Duration.ofSeconds(10));
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.failureOf(fixture.acquiring("a"));
        fixture.closePool();
        assertThat(fixture.witness.imbalances()).isEmpty();
        assertThat(fixture.witness.unreleased()).isZero();
    }

    @Test
    void aGrantSaysWhetherItsConnectionHadBeenUsed() {
        fixture.open(c -> c);
        fixture.lease("a");
        fixture.lease("a");
        assertThat(fixture.witness.events).containsExactly("granted a 1 new", "granted a 1 reused");
    }

    @Test
    void aClosedConnectionIsReportedWithReasonAndAge() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofSeconds(20)));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(20));
        assertThat(fixture.witness.reasons).containsEntry(1L, CloseReason.IDLE);
        assertThat(fixture.witness.ages).containsExactly(Duration.ofSeconds(20));
    }

    @Test
    void whoeverHasAResultFindsTheListenerTold() {
        CountDownLatch returned = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        PoolListener slow = new PoolListener() {
            @Override
            public Execute executing(Target target, Command command) {
                return new Execute() {
                    @Override
                    public void completed(ExecResult result) {
                        try {
                            returned.await(300, TimeUnit.MILLISECONDS);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        order.add("told");
                    }
                };
            }
        };
        fixture.open(c -> c, FanOut.of(List.of(slow, fixture.witness)), PoolFixture.alias("a"));
        SshLease lease = fixture.lease("a");
        fixture.finish(fixture.call(() -> {
            ExecResult result = lease.execute("true");
            order.add("returned");
            returned.countDown();
            return result;
        }));
        assertThat(order).containsExactly("told", "returned");
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        AtomicInteger thrown = new AtomicInteger();
        PoolListener broken = new PoolListener() {
            @Override
            public Acquire acquiring(Target target) {
                thrown.incrementAndGet();
                throw new OutOfMemoryError("listener");
            }

            @Override
            public Connect connecting(Target target) {
                thrown.incrementAndGet();
                throw new IllegalStateException("listener");
            }

            @Override
            public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
                thrown.incrementAndGet();
                throw new IllegalStateException("listener");
            }
        };
        fixture.open(
                c -> c.withMaxIdleTime(Duration.ofSeconds(20)),
                FanOut.of(List.of(broken, fixture.witness)),
                PoolFixture.alias("a"));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(20));
        assertThat(fixture.server("a").open).isEmpty();
        fixture.close(fixture.lease("a"));
        assertThat(thrown).hasValue(5);
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void anErrorInACallersCallbackCostsNobodyAnything() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        CompletionStage<SshLease> broken = fixture.pool.acquireAsync("a").thenApply(lease -> {
            lease.close();
            throw new OutOfMemoryError("caller");
        });
        CompletableFuture<SshLease> next = fixture.acquiring("a");
        fixture.close(held);
        assertThat(broken.toCompletableFuture()).isCompletedExceptionally();
        assertThat(next).isCompleted();
    }
}
