package io.sshpool.impl.mina;

import java.security.Provider;
import org.apache.sshd.common.util.security.SecurityProviderChoice;
import org.apache.sshd.common.util.security.SecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.SunJCESecurityProviderRegistrar;
import org.apache.sshd.common.util.security.bouncycastle.BouncyCastleSecurityProviderRegistrar;

/**
 * Gives MINA its Bouncy Castle as an object. Left to itself MINA adds the provider to {@link java.security.Security}, where it
 * stays after undeploy and keeps the application's class loader alive.
 */
final class Providers {

    static {
        if (!SecurityUtils.isRegistrationCompleted()) {
            // The JDK's provider first, as MINA orders them: its AES uses the processor's instructions.
            SecurityUtils.registerSecurityProvider(new SunJCESecurityProviderRegistrar());
            // Null where Bouncy Castle is disabled by MINA's system property.
            SecurityProviderRegistrar registered = SecurityUtils.registerSecurityProvider(new UnnamedBouncyCastle());
            if (registered != null) {
                Provider provider = registered.getSecurityProvider();
                // Else MINA looks "BC" up by its name for what neither of them has, and nobody goes by that name.
                SecurityUtils.setDefaultProviderChoice(SecurityProviderChoice.toSecurityProviderChoice(provider));
            }
        }
    }

    private Providers() {}

    /** Must have run before MINA is used for the first time; costs nothing afterwards. */
    static void prepare() {
        // The class's initializer does it, once and for all threads.
    }

    /** MINA's registrar without a name, and without its line at INFO. */
    static final class UnnamedBouncyCastle extends BouncyCastleSecurityProviderRegistrar {
        @Override
        public boolean isNamedProviderUsed() {
            return false;
        }

        @Override
        protected Provider getOrCreateProvider(String type) throws ReflectiveOperationException {
            // Never the one that is registered as "BC": in a server that is another application's or the server's own,
            // from another
            // class loader, whose keys are none for us.
            if (providerHolder.get() == null) {
                providerHolder.compareAndSet(null, createProviderInstance(type));
            }
            return providerHolder.get();
        }
    }
}
