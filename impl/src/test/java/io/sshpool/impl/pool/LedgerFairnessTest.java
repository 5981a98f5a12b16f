package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolConfig;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

final class LedgerFairnessTest {

    private final Ledger ledger =
            new Ledger(PoolConfig.defaults().withMaxConnections(1).withMaxChannelsPerConnection(2), () -> 0.5);
    private final Account busy = ledger.account(target("busy"), 0);
    private final Account rare = ledger.account(target("rare"), 0);

    @Test
    void aTargetThatIsNeverIdleDoesNotStarveAnother() {
        Deque<Claim> held = new ArrayDeque<>();
        held.add(request(busy));
        dialSucceeds();
        Claim patient = null;
        for (int i = 0; i < 20; i++) {
            held.add(request(busy));
            if (i == 10) {
                patient = request(rare);
            }
            if (held.size() > 4) {
                ledger.release(held.poll(), i);
                carryOut();
            }
        }
        while (!patient.isGranted()) {
            assertThat(held).as("claims that were there before").isNotEmpty();
            ledger.release(held.poll(), 100);
            carryOut();
        }
        assertThat(held).as("younger claims of the busy target").isNotEmpty();
    }

    @Test
    void theConnectionThatWasBeingDrainedIsSparedWhenNobodyNeedsItsPlaceAnyMore() {
        Claim holder = request(busy);
        dialSucceeds();
        Claim patient = request(rare);
        Claim refusedRoom = request(busy);
        assertThat(refusedRoom.state).isEqualTo(Claim.State.WAITING);

        ledger.cancel(patient, 1);

        assertThat(refusedRoom.isGranted()).isTrue();
        assertThat(holder.isGranted()).isTrue();
    }

    private Claim request(Account account) {
        Claim claim = new Claim(account, null);
        ledger.request(claim, 1);
        return claim;
    }

    private void dialSucceeds() {
        for (PooledConnection dial : ledger.take().dials) {
            ledger.dialSucceeded(dial, 1);
        }
    }

    private void carryOut() {
        for (Decisions decisions = ledger.take(); decisions != null; decisions = ledger.take()) {
            decisions.closes.forEach(connection -> ledger.closed(connection, 1));
            decisions.dials.forEach(dial -> ledger.dialSucceeded(dial, 1));
        }
    }

    private static Target target(String name) {
        return new Target(name, true, "u", name, 22, Trust.NOBODY, Target.Limits.NONE, false, false);
    }
}
