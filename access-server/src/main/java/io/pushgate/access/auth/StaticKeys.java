package io.pushgate.access.auth;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Keys from the configuration, each written {@code kid:alg:value} or {@code kid@app:alg:value}: a
 * secret in base64 for HS256, the path of a PEM file with the public key for the others.
 */
final class StaticKeys {
    private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String PEM_END = "-----END PUBLIC KEY-----";

    private StaticKeys() {}

    static List<VerificationKey> parse(List<String> entries) throws KeyException {
        List<VerificationKey> keys = new ArrayList<>();
        for (String entry : entries) {
            keys.add(parse(entry));
        }
        return keys;
    }

    private static VerificationKey parse(String entry) throws KeyException {
        String[] parts = entry.split(":", 3);
        if (parts.length < 3 || parts[0].isEmpty()) {
            throw new KeyException("a key is not written kid:alg:value");
        }
        String kid = parts[0];
        @Nullable String app = null;
        int at = kid.indexOf('@');
        if (at >= 0) {
            app = kid.substring(at + 1);
            kid = kid.substring(0, at);
        }
        try {
            KeyAlgorithm algorithm = KeyAlgorithm.of(parts[1]);
            String factory = algorithm.keyFactory();
            return new VerificationKey(
                    kid,
                    algorithm,
                    factory == null
                            ? KeyAlgorithm.secret(base64(parts[2]))
                            : algorithm.verifier(pem(factory, Path.of(parts[2]))),
                    app);
        } catch (KeyException e) {
            throw new KeyException("key " + kid + ": " + e.getMessage(), e);
        }
    }

    private static byte[] base64(String value) throws KeyException {
        try {
            return value.indexOf('-') >= 0 || value.indexOf('_') >= 0
                    ? Base64.getUrlDecoder().decode(value)
                    : Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw new KeyException("its secret is not base64");
        }
    }

    private static PublicKey pem(String factory, Path path) throws KeyException {
        try {
            String text = Files.readString(path);
            int begin = text.indexOf(PEM_BEGIN);
            int end = text.indexOf(PEM_END);
            if (begin < 0 || end < begin) {
                throw new KeyException("no public key in PEM in " + path);
            }
            byte[] der =
                    Base64.getMimeDecoder().decode(text.substring(begin + PEM_BEGIN.length(), end));
            return KeyFactory.getInstance(factory).generatePublic(new X509EncodedKeySpec(der));
        } catch (IOException e) {
            throw new KeyException("cannot read " + path + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new KeyException("no " + factory + " key in " + path, e);
        }
    }
}
