package io.pushgate.standalone;

import io.pushgate.access.AccessConfig;
import io.pushgate.runtime.StartupException;

/** Sees to it that an access server has keys to check tokens with. */
final class TokenKeys {
    private TokenKeys() {}

    /**
     * The configured keys, or else the development key of the data folder.
     *
     * @throws StartupException where there is neither
     */
    static PushgateConfig require(PushgateConfig config) throws StartupException {
        AccessConfig access = config.access();
        if (!access.keys().isEmpty() || access.jwksFile() != null) {
            return config;
        }
        if (config.data() == null) {
            throw new StartupException(
                    "there is no key to check tokens with: set access.keys or access.jwks-file, or"
                            + " give --data DIR to use a development key");
        }
        return config.withAccess(access.withJwksFile(SigningKeys.ensureDevelopment(config.data())));
    }
}
