package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

class ProvidersTest {

    /** As on WildFly, which registers its own after the first deployment. */
    @Test
    void aStrangerThatIsRegisteredAsBouncyCastleIsNotTakenForOurs() {
        Providers.prepare(); // before MINA registers its own in this JVM
        Provider stranger = new Stranger();
        assertThat(Security.addProvider(stranger)).as("its place").isPositive();
        try {
            Providers.UnnamedBouncyCastle ours = new Providers.UnnamedBouncyCastle();
            assertThat(ours.isSupported()).as("it looks for its class").isTrue();
            assertThat(ours.getSecurityProvider()).isInstanceOf(BouncyCastleProvider.class);
        } finally {
            Security.removeProvider(stranger.getName());
        }
    }

    private static final class Stranger extends Provider {

        private static final long serialVersionUID = 1L;

        private Stranger() {
            super(BouncyCastleProvider.PROVIDER_NAME, "1.0", "from another class loader");
        }
    }
}
