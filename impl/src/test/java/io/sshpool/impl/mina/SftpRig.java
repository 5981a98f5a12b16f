package io.sshpool.impl.mina;

import io.sshpool.PoolConfig;
import io.sshpool.RemoteFiles;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Targets;
import io.sshpool.spi.Credential;
import io.sshpool.spi.PoolListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** A pool, a lease of it, and the embedded server with SFTP. */
final class SftpRig implements AutoCloseable {

    final EmbeddedServer server = new EmbeddedServer();
    final ConnectionPool pool;
    final SshLease lease;
    final RemoteFiles files;

    private SftpRig(SubsystemFactory subsystem, int port, PoolListener listener, PoolConfig config) {
        server.mina().setSubsystemFactories(List.of(subsystem));
        PoolThreads threads = PoolThreads.own();
        MinaConnectionFactory factory = new MinaConnectionFactory(
                config,
                target -> List.of(new Credential.Password(EmbeddedServer.PASSWORD)),
                FixedHostKeys.trusting(EmbeddedServer.ED25519),
                threads);
        Targets targets = new Targets(
                List.of(FixedHostKeys.target(port == 0 ? server.port() : port)), TargetDefaults.NONE, List.of());
        pool = ConnectionPool.start(config, targets, factory, listener, threads);
        lease = pool.acquire("build");
        files = lease.files();
    }

    /** MINA's SFTP server, for which this folder is the root. */
    static SftpRig serving(Path root) {
        return serving(root, new PoolListener() {}, config());
    }

    static SftpRig serving(Path root, PoolListener listener, PoolConfig config) {
        SftpRig rig = new SftpRig(new SftpSubsystemFactory(), 0, listener, config);
        rig.server.mina().setFileSystemFactory(new VirtualFileSystemFactory(root.toAbsolutePath()));
        return rig;
    }

    /** Hears of the requests of channels that are opened from now on, on the server's threads. Only of MINA's server. */
    void listen(SftpEventListener listener) {
        server.mina()
                .getSubsystemFactories()
                .forEach(factory -> ((SftpSubsystemFactory) factory).addSftpEventListener(listener));
    }

    /** Another SFTP server. */
    static SftpRig serving(SubsystemFactory subsystem) {
        return serving(subsystem, config());
    }

    static SftpRig serving(SubsystemFactory subsystem, PoolConfig config) {
        return new SftpRig(subsystem, 0, new PoolListener() {}, config);
    }

    static PoolConfig config() {
        return PoolConfig.defaults().withAcquireTimeout(Duration.ofSeconds(5)).withMaxConnections(1);
    }

    @Override
    public void close() {
        lease.close();
        pool.close();
        server.close();
    }
}
