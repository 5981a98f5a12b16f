package io.sshpool.impl.config;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Credential;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.Target;
import java.util.List;
import java.util.Map;

/** The credentials of the configuration. Files are read at each call, so that a rotated one needs no restart. */
final class ConfiguredCredentials implements CredentialProvider {

    private final Map<String, Secrets> byAlias;
    private final Secrets defaults;

    ConfiguredCredentials(Map<String, Secrets> byAlias, Secrets defaults) {
        this.byAlias = Map.copyOf(byAlias);
        this.defaults = defaults;
    }

    @Override
    public List<Credential> credentials(Target target) {
        Secrets secrets = target.alias() ? byAlias.getOrDefault(target.name(), defaults) : defaults;
        List<Credential> credentials = secrets.read();
        if (credentials.isEmpty()) {
            String prefix = target.alias() ? TargetSettings.TARGET + target.name() + "." : TargetSettings.DEFAULTS;
            throw new SshConfigException(
                    "there is no credential for " + target.name() + ": set " + prefix + TargetSettings.PRIVATE_KEY
                            + ", " + prefix + TargetSettings.AGENT + " or " + prefix + TargetSettings.PASSWORD);
        }
        return credentials;
    }
}
