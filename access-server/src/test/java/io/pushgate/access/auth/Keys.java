package io.pushgate.access.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** Keys and tokens for tests. */
public final class Keys {
    /** The secret of {@link #HS256_ENTRY}. */
    public static final byte[] SECRET =
            "a secret of thirty-two bytes, or more".getBytes(StandardCharsets.UTF_8);

    /** For {@code access.keys}. */
    public static final String HS256_ENTRY =
            "test:HS256:" + Base64.getEncoder().encodeToString(SECRET);

    static final KeyPair RSA = pair("RSA", 2048);
    static final KeyPair EC = ec();
    static final KeyPair ED = pair("Ed25519", 0);

    private Keys() {}

    /** Claims of a device that is valid for an hour. */
    public static JWTClaimsSet.Builder claims(String app, String device) {
        return new JWTClaimsSet.Builder()
                .claim("app", app)
                .claim("device", device)
                .claim("platform", "pos")
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)));
    }

    /** A token that {@link #HS256_ENTRY} verifies. */
    public static String token(String app, String device) {
        return hs256("test", claims(app, device).build(), SECRET);
    }

    public static String hs256(@Nullable String kid, JWTClaimsSet claims, byte[] secret) {
        try {
            SignedJWT jwt = new SignedJWT(header(JWSAlgorithm.HS256, kid), claims);
            jwt.sign(new MACSigner(secret));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String rs256(String kid, JWTClaimsSet claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(header(JWSAlgorithm.RS256, kid), claims);
        jwt.sign(new RSASSASigner(RSA.getPrivate()));
        return jwt.serialize();
    }

    static String es256(String kid, JWTClaimsSet claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(header(JWSAlgorithm.ES256, kid), claims);
        jwt.sign(new ECDSASigner((java.security.interfaces.ECPrivateKey) EC.getPrivate()));
        return jwt.serialize();
    }

    static String edDsa(String kid, JWTClaimsSet claims) throws GeneralSecurityException {
        SignedJWT jwt = new SignedJWT(header(JWSAlgorithm.EdDSA, kid), claims);
        byte[] input = jwt.getSigningInput();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(ED.getPrivate());
        signature.update(input);
        return new String(input, StandardCharsets.US_ASCII)
                + "."
                + Base64URL.encode(signature.sign());
    }

    /** What an attacker sends who has no key. */
    public static String unsigned(JWTClaimsSet claims) {
        return Base64URL.encode("{\"alg\":\"none\"}")
                + "."
                + Base64URL.encode(claims.toString())
                + ".";
    }

    private static JWSHeader header(JWSAlgorithm algorithm, @Nullable String kid) {
        return new JWSHeader.Builder(algorithm).keyID(kid).build();
    }

    private static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair ec() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
