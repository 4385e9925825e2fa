package io.pushgate.access.auth;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that device tokens may be signed with: those of the configuration and those of a JWKS
 * file. Lookups may come from any thread; {@link #refresh} from one.
 */
public final class KeyStore {
    private static final Logger log = LoggerFactory.getLogger(KeyStore.class);

    private final List<VerificationKey> fixed;
    private final @Nullable Path jwks;
    private volatile Map<String, VerificationKey> keys;
    private @Nullable FileTime readAt;

    private KeyStore(List<VerificationKey> fixed, @Nullable Path jwks) throws KeyException {
        this.fixed = fixed;
        this.jwks = jwks;
        this.readAt = jwks == null ? null : modified(jwks);
        this.keys = index(jwks == null ? List.of() : JwksFile.read(jwks));
        if (keys.isEmpty()) {
            throw new KeyException(
                    "no key to verify device tokens with: set access.keys or access.jwks-file");
        }
    }

    /**
     * @param entries {@code kid:alg:value}, {@link StaticKeys}
     * @param jwks null for none
     * @throws KeyException where a key is unusable, or there is none
     */
    public static KeyStore open(List<String> entries, @Nullable Path jwks) throws KeyException {
        return new KeyStore(StaticKeys.parse(entries), jwks);
    }

    /**
     * Reads the JWKS file again if it has changed since; a file that cannot be used leaves the keys
     * as they were. Blocks on the disk.
     *
     * @return false where the file could not be used
     */
    public boolean refresh() {
        if (jwks == null) {
            return true;
        }
        try {
            FileTime now = modified(jwks);
            if (now.equals(readAt)) {
                return true;
            }
            keys = index(JwksFile.read(jwks));
            readAt = now;
            log.info("read the keys of {} again: {} usable", jwks, keys.size());
            return true;
        } catch (KeyException e) {
            log.warn("keeping the keys as they were: {}", e.getMessage());
            return false;
        }
    }

    /** The key of that id; without an id, the only key there is. */
    @Nullable VerificationKey find(@Nullable String kid) {
        Map<String, VerificationKey> now = keys;
        if (kid != null) {
            return now.get(kid);
        }
        return now.size() == 1 ? now.values().iterator().next() : null;
    }

    private Map<String, VerificationKey> index(List<VerificationKey> fromFile) throws KeyException {
        Map<String, VerificationKey> index = new LinkedHashMap<>();
        for (List<VerificationKey> source : List.of(fixed, fromFile)) {
            for (VerificationKey key : source) {
                if (index.put(key.id(), key) != null) {
                    throw new KeyException("two keys have the id " + key.id());
                }
            }
        }
        return Map.copyOf(index);
    }

    private static FileTime modified(Path path) throws KeyException {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            throw new KeyException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
