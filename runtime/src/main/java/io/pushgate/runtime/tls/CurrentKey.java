package io.pushgate.runtime.tls;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A key manager whose one key can be replaced: a handshake that began with the one before goes on
 * with it, as its alias names the generation. Any thread.
 */
final class CurrentKey extends X509ExtendedKeyManager {
    private volatile Generations generations;

    /**
     * @param number of the current one
     */
    private record Generations(long number, TlsMaterial current, TlsMaterial previous) {
        @Nullable TlsMaterial named(String alias) {
            if (alias.equals(Long.toString(number))) {
                return current;
            }
            return alias.equals(Long.toString(number - 1)) ? previous : null;
        }
    }

    CurrentKey(TlsMaterial material) {
        this.generations = new Generations(0, material, material);
    }

    synchronized void replace(TlsMaterial material) {
        Generations now = generations;
        generations = new Generations(now.number + 1, material, now.current);
    }

    private @Nullable String alias(String keyType) {
        Generations now = generations;
        return now.current.key().getAlgorithm().equals(keyType) ? Long.toString(now.number) : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        TlsMaterial material = generations.named(alias);
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        TlsMaterial material = generations.named(alias);
        return material == null ? null : material.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // we are no client
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
