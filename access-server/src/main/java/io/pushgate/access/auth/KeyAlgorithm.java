package io.pushgate.access.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;

import org.jspecify.annotations.Nullable;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** The signature algorithms a key may be for (RFC 7518, RFC 8037). */
enum KeyAlgorithm {
    HS256("HS256", null),
    RS256("RS256", "RSA"),
    ES256("ES256", "EC"),
    EDDSA("EdDSA", "Ed25519");

    private static final int MIN_SECRET_BYTES = 32;
    private static final int MIN_RSA_BITS = 2048;

    private final String jwsName;
    private final @Nullable String keyFactory;

    KeyAlgorithm(String jwsName, @Nullable String keyFactory) {
        this.jwsName = jwsName;
        this.keyFactory = keyFactory;
    }

    static KeyAlgorithm of(String jwsName) throws KeyException {
        for (KeyAlgorithm algorithm : values()) {
            if (algorithm.jwsName.equals(jwsName)) {
                return algorithm;
            }
        }
        throw new KeyException("its alg is none of HS256, RS256, ES256, EdDSA");
    }

    String jwsName() {
        return jwsName;
    }

    /** The JDK's name of the kind of public key, null for a shared secret. */
    @Nullable String keyFactory() {
        return keyFactory;
    }

    /** A verifier for a shared secret of 32 bytes at least; safe for any thread. */
    static JWSVerifier secret(byte[] secret) throws KeyException {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new KeyException("its secret is shorter than 32 bytes");
        }
        try {
            return new MACVerifier(secret);
        } catch (JOSEException e) {
            throw new KeyException("its secret is not usable: " + e.getMessage(), e);
        }
    }

    /** A verifier for a public key of this algorithm; safe for any thread. */
    JWSVerifier verifier(PublicKey key) throws KeyException {
        try {
            if (this == RS256 && key instanceof RSAPublicKey rsa) {
                if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                    throw new KeyException("its RSA key has fewer than 2048 bits");
                }
                return new RSASSAVerifier(rsa);
            }
            if (this == ES256 && key instanceof ECPublicKey ec) {
                ECDSAVerifier verifier = new ECDSAVerifier(ec);
                if (!verifier.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256)) {
                    throw new KeyException("its curve is not P-256");
                }
                return verifier;
            }
            if (this == EDDSA && key instanceof EdECPublicKey ed) {
                return new Ed25519JwsVerifier(ed);
            }
            throw new KeyException("its key is not one for " + jwsName);
        } catch (JOSEException e) {
            throw new KeyException("its key is not usable: " + e.getMessage(), e);
        }
    }
}
