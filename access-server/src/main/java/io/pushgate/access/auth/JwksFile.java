package io.pushgate.access.auth;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a JWK set (RFC 7517) from a file. Every key needs {@code kid} and {@code alg}; our own
 * member {@code app} narrows a key to one app.
 */
final class JwksFile {
    private static final int MAX_FILE_BYTES = 1024 * 1024;

    /** What stands before the 32 bytes of an Ed25519 key in its X.509 encoding (RFC 8410). */
    private static final byte[] ED25519_PREFIX = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private static final int ED25519_BYTES = 32;

    private JwksFile() {}

    /** Blocks on the disk. */
    static List<VerificationKey> read(Path path) throws KeyException {
        try {
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new KeyException(path + " is larger than 1 MiB");
            }
            return parse(Files.readString(path));
        } catch (IOException e) {
            throw new KeyException("cannot read " + path + ": " + e.getMessage(), e);
        } catch (KeyException e) {
            throw new KeyException(path + ": " + e.getMessage(), e);
        }
    }

    static List<VerificationKey> parse(String json) throws KeyException {
        List<VerificationKey> keys = new ArrayList<>();
        try {
            Map<String, Object>[] entries =
                    JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
            if (entries == null) {
                throw new KeyException("not a JWK set: it has no member keys");
            }
            for (Map<String, Object> entry : entries) {
                keys.add(key(entry));
            }
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            throw new KeyException("not a JWK set: " + e.getMessage(), e);
        }
        return keys;
    }

    private static VerificationKey key(Map<String, Object> entry)
            throws KeyException, ParseException {
        JWK jwk = JWK.parse(entry);
        String kid = jwk.getKeyID();
        if (kid == null || kid.isEmpty()) {
            throw new KeyException("a key has no kid");
        }
        try {
            Algorithm alg = jwk.getAlgorithm();
            if (alg == null) {
                throw new KeyException("it has no alg");
            }
            if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
                throw new KeyException("its use is not sig");
            }
            KeyAlgorithm algorithm = KeyAlgorithm.of(alg.getName());
            return new VerificationKey(
                    kid,
                    algorithm,
                    verifier(algorithm, jwk),
                    JSONObjectUtils.getString(entry, "app"));
        } catch (KeyException e) {
            throw new KeyException("key " + kid + ": " + e.getMessage(), e);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new KeyException("key " + kid + " is not usable: " + e.getMessage(), e);
        }
    }

    private static JWSVerifier verifier(KeyAlgorithm algorithm, JWK jwk)
            throws KeyException, JOSEException, GeneralSecurityException {
        return switch (jwk) {
            case OctetSequenceKey secret when algorithm == KeyAlgorithm.HS256 ->
                    KeyAlgorithm.secret(secret.toByteArray());
            case RSAKey rsa -> algorithm.verifier(rsa.toRSAPublicKey());
            case ECKey ec -> algorithm.verifier(ec.toECPublicKey());
            case OctetKeyPair ed when Curve.Ed25519.equals(ed.getCurve()) ->
                    algorithm.verifier(ed25519(ed.getDecodedX()));
            default -> throw new KeyException("its key is not one for " + algorithm.jwsName());
        };
    }

    private static PublicKey ed25519(byte[] x) throws GeneralSecurityException, KeyException {
        if (x.length != ED25519_BYTES) {
            throw new KeyException("its x is not 32 bytes");
        }
        byte[] der = new byte[ED25519_PREFIX.length + x.length];
        System.arraycopy(ED25519_PREFIX, 0, der, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, der, ED25519_PREFIX.length, x.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    }
}
