package io.sshpool.impl.mina;

import io.sshpool.PoolConfig;
import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.Credential;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** A factory with threads of its own, and the parts of it that a test replaces. */
final class Rig implements AutoCloseable {

    private final PoolThreads threads = PoolThreads.own();
    private final MinaConnectionFactory factory;

    private Rig(PoolConfig config, CredentialProvider credentials, HostKeyPolicy hostKeys, NameResolver names) {
        factory = new MinaConnectionFactory(config, credentials, hostKeys, names, threads);
    }

    /** The good password, the good host key, the JVM's names. */
    static Rig plain() {
        return with(PoolConfig.defaults());
    }

    static Rig with(PoolConfig config) {
        return new Rig(config, password(EmbeddedServer.PASSWORD), goodKey(), NameResolver.SYSTEM);
    }

    static Rig showing(Credential... credentials) {
        return asking(target -> List.of(credentials));
    }

    static Rig asking(CredentialProvider credentials) {
        return new Rig(PoolConfig.defaults(), credentials, goodKey(), NameResolver.SYSTEM);
    }

    static Rig trusting(HostKeyPolicy hostKeys) {
        return new Rig(PoolConfig.defaults(), password(EmbeddedServer.PASSWORD), hostKeys, NameResolver.SYSTEM);
    }

    static Rig resolving(NameResolver names) {
        return new Rig(PoolConfig.defaults(), password(EmbeddedServer.PASSWORD), goodKey(), names);
    }

    /** Whatever the name of the target, it is this machine's. */
    static Rig reaching(HostKeyPolicy hostKeys) {
        return new Rig(PoolConfig.defaults(), password(EmbeddedServer.PASSWORD), hostKeys, name ->
                new InetAddress[] {InetAddress.getLoopbackAddress()});
    }

    private static CredentialProvider password(String password) {
        return target -> List.of(new Credential.Password(password));
    }

    private static HostKeyPolicy goodKey() {
        return FixedHostKeys.trusting(EmbeddedServer.ED25519);
    }

    MinaConnectionFactory factory() {
        return factory;
    }

    SshConnection connect(int port) {
        return ConnectionFactoryContract.await(factory.connect(FixedHostKeys.target(port), Duration.ofSeconds(10)));
    }

    /** Why a connect fails. */
    <T extends Throwable> T failure(Class<T> type, int port, Duration timeout) {
        return failure(type, FixedHostKeys.target(port), timeout);
    }

    <T extends Throwable> T failure(Class<T> type, Target target, Duration timeout) {
        return type.cast(ConnectionFactoryContract.failureOf(factory.connect(target, timeout)));
    }

    @Override
    public void close() {
        factory.close();
        threads.close();
    }
}
