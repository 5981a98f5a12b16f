package io.sshpool.impl.pool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Does to servers what happens to servers. */
final class Chaos {

    private final SplittableRandom random;
    private final List<FakeServer> servers;

    Chaos(SplittableRandom random, List<FakeServer> servers) {
        this.random = random;
        this.servers = servers;
    }

    /** Something happens to one server; in the end everything heals. */
    void strike() {
        if (random.nextBoolean()) {
            heal(servers.get(random.nextInt(servers.size())));
        }
        FakeServer server = servers.get(random.nextInt(servers.size()));
        switch (random.nextInt(24)) {
            case 0, 1 -> server.kill();
            case 2 -> server.dialsFail = Optional.of(FakeConnectionFactory::unreachable);
            case 3 -> server.dialsFail = Optional.of(FakeConnectionFactory::dropped);
            case 4 -> server.dialsFail = Optional.of(FakeConnectionFactory::rejected);
            case 5 -> server.dialsStall = true;
            case 6 -> server.maxSessions = 1 + random.nextInt(5);
            case 7 -> server.probes = FakeServer.Probes.FAILED;
            case 8 -> server.probes = FakeServer.Probes.UNANSWERED;
            case 9 -> server.deathsBeforeSending.set(random.nextInt(4));
            case 10 -> server.deathsAfterSending.set(random.nextInt(4));
            case 11 -> server.credential = random.nextInt();
            case 12 -> server.dialTakes = Duration.ofMillis(random.nextInt(5));
            case 13 -> hang(server);
            default -> heal(server);
        }
    }

    /** What costs seconds happens rarely. */
    private void hang(FakeServer server) {
        if (random.nextInt(20) == 0) {
            server.closeHangs = true;
        } else if (random.nextInt(20) == 0) {
            server.channelsHang = true;
        }
    }

    void healAll() {
        servers.forEach(Chaos::heal);
    }

    private static void heal(FakeServer server) {
        server.dialsFail = Optional.empty();
        server.dialsStall = false;
        server.maxSessions = Integer.MAX_VALUE;
        server.probes = FakeServer.Probes.ANSWERED;
        server.deathsBeforeSending.set(0);
        server.deathsAfterSending.set(0);
        server.dialTakes = Duration.ZERO;
        server.closeHangs = false;
        server.channelsHang = false;
        server.credential = new Object();
    }
}
