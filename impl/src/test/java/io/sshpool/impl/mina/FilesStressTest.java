package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolConfig;
import io.sshpool.RemoteFiles;
import io.sshpool.SshException;
import io.sshpool.SshLease;
import io.sshpool.Transfer;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Targets;
import io.sshpool.spi.Credential;
import io.sshpool.spi.PoolListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transfers of any size over connections that are reset at a random byte: each ends with equal content or an exception, and there is never half a file.
 * {@code -Dsshpool.transfers=10000} for a campaign, {@code -Dsshpool.seed=…} to repeat a run.
 */
final class FilesStressTest {

    private static final int TRANSFERS = Integer.getInteger("sshpool.transfers", 1000);
    private static final long LARGEST = 8L * 1024 * 1024;

    @TempDir
    Path folder;

    private int equal;
    private int failed;

    @Test
    @Timeout(3600)
    void aTransferEndsWithEqualContentOrAnException() throws Exception {
        long seed = Long.getLong("sshpool.seed", System.nanoTime());
        System.out.println("sshpool.seed=" + seed);
        Random random = new Random(seed);
        Path there = Files.createDirectory(folder.resolve("there"));
        byte[] noise = new byte[(int) LARGEST];
        random.nextBytes(noise);
        try (EmbeddedServer server = new EmbeddedServer()) {
            server.mina().setSubsystemFactories(List.of(new SftpSubsystemFactory()));
            server.mina().setFileSystemFactory(new VirtualFileSystemFactory(there.toAbsolutePath()));
            try (FaultProxy proxy = new FaultProxy(server.port());
                    ConnectionPool pool = pool(proxy.port())) {
                for (int i = 0; i < TRANSFERS; i++) {
                    int size = (int) Math.exp(random.nextDouble() * Math.log(LARGEST));
                    int start = random.nextInt(noise.length - size + 1);
                    byte[] content = Arrays.copyOfRange(noise, start, start + size);
                    boolean up = random.nextBoolean();
                    boolean sha256 = random.nextBoolean();
                    // of an upload the server says little: that a piece is written, 40 bytes or so
                    long said = up && !sha256 ? 1000 + size / 800 : 4000 + size;
                    long cut = random.nextInt(3) == 0 ? (long) (random.nextDouble() * said) : Long.MAX_VALUE;
                    Transfer how = sha256 ? Transfer.defaults().sha256() : Transfer.defaults();
                    try (SshLease lease = pool.acquire("build")) {
                        // so that it is the transfer that is cut, and not the way to it, which the pool would try again
                        lease.files().exists("file");
                        proxy.stopAfter(cut, FaultProxy.Fault.RESET);
                        transfer(lease.files(), up, how, content, there);
                    }
                    proxy.stopAfter(Long.MAX_VALUE, FaultProxy.Fault.RESET);
                }
            }
        }
        System.out.println(equal + " equal, " + failed + " failed");
        assertThat(equal + failed).isEqualTo(TRANSFERS);
        assertThat(equal).isPositive();
        assertThat(failed).isPositive();
    }

    private void transfer(RemoteFiles files, boolean up, Transfer how, byte[] content, Path there) throws IOException {
        Path here = folder.resolve("here");
        Path remote = there.resolve("file");
        Files.write(up ? here : remote, content);
        byte[] old = {1, 2, 3};
        Path target = Files.write(up ? remote : folder.resolve("back"), old);
        try {
            if (up) {
                files.upload(here, "file", how);
            } else {
                files.download("file", target, how);
            }
            equal++;
            assertThat(Arrays.equals(Files.readAllBytes(target), content)).isTrue();
        } catch (SshException e) {
            failed++;
            byte[] left = Files.readAllBytes(target);
            // all of the new one where the answer to the last request was lost
            assertThat(Arrays.equals(left, old) || Arrays.equals(left, content))
                    .as("half a file after " + e)
                    .isTrue();
        }
    }

    private static ConnectionPool pool(int port) {
        PoolThreads threads = PoolThreads.own();
        PoolConfig config = PoolConfig.defaults()
                .withMaxConnections(1)
                .withBackOff(Duration.ofMillis(1))
                .withMaxBackOff(Duration.ofMillis(1));
        MinaConnectionFactory factory = new MinaConnectionFactory(
                config,
                target -> List.of(new Credential.Password(EmbeddedServer.PASSWORD)),
                FixedHostKeys.trusting(EmbeddedServer.ED25519),
                threads);
        Targets targets = new Targets(List.of(FixedHostKeys.target(port)), TargetDefaults.NONE, List.of());
        return ConnectionPool.start(config, targets, factory, new PoolListener() {}, threads);
    }
}
