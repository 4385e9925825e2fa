package io.pushgate.access.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.pushgate.access.auth.TokenOutcome.Refusal;
import io.pushgate.access.auth.TokenOutcome.Refused;
import io.pushgate.access.auth.TokenOutcome.Verified;
import io.pushgate.protocol.DeviceKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;

class TokenVerifierTest {
    @TempDir Path folder = Path.of("unset");
    private TokenVerifier verifier = new TokenVerifier(keyStore(List.of(), null), now());

    private static KeyStore keyStore(List<String> more, @Nullable Path jwks) {
        List<String> entries = new ArrayList<>(more);
        entries.add(Keys.HS256_ENTRY);
        try {
            return KeyStore.open(entries, jwks);
        } catch (KeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InstantSource now() {
        return InstantSource.system();
    }

    @BeforeEach
    void everyKindOfKey() throws Exception {
        byte[] ed = Keys.ED.getPublic().getEncoded();
        List<Map<String, Object>> keys =
                List.of(
                        new RSAKey.Builder((RSAPublicKey) Keys.RSA.getPublic())
                                .keyID("rsa")
                                .algorithm(JWSAlgorithm.RS256)
                                .build()
                                .toJSONObject(),
                        new ECKey.Builder(Curve.P_256, (ECPublicKey) Keys.EC.getPublic())
                                .keyID("ec")
                                .algorithm(JWSAlgorithm.ES256)
                                .build()
                                .toJSONObject(),
                        new OctetKeyPair.Builder(
                                        Curve.Ed25519,
                                        Base64URL.encode(
                                                Arrays.copyOfRange(ed, ed.length - 32, ed.length)))
                                .keyID("ed")
                                .algorithm(JWSAlgorithm.EdDSA)
                                .build()
                                .toJSONObject(),
                        ofApp(
                                new OctetSequenceKey.Builder(Keys.SECRET)
                                        .keyID("shop-only")
                                        .algorithm(JWSAlgorithm.HS256)
                                        .build()
                                        .toJSONObject(),
                                "shop"));
        Path jwks = folder.resolve("jwks.json");
        Files.writeString(jwks, JSONObjectUtils.toJSONString(Map.of("keys", keys)));
        verifier = new TokenVerifier(keyStore(List.of(), jwks), now());
    }

    private static Map<String, Object> ofApp(Map<String, Object> jwk, String app) {
        jwk.put("app", app);
        return jwk;
    }

    @Test
    void verifiesEveryAlgorithm() throws Exception {
        JWTClaimsSet claims = Keys.claims("shop", "pos-7").build();
        for (String token :
                List.of(
                        Keys.hs256("test", claims, Keys.SECRET),
                        Keys.rs256("rsa", claims),
                        Keys.es256("ec", claims),
                        Keys.edDsa("ed", claims))) {
            assertThat(verifier.verify(token)).isInstanceOf(Verified.class);
        }
    }

    @Test
    void readsEveryClaim() {
        Date expires = Date.from(Instant.ofEpochSecond(Instant.now().getEpochSecond() + 60));
        String token =
                sign(
                        Keys.claims("shop", "pos-7")
                                .subject("ann")
                                .claim("groups", List.of("berlin", "tills"))
                                .expirationTime(expires)
                                .build());
        assertThat(verifier.verify(token))
                .isEqualTo(
                        new Verified(
                                new Claims(
                                        new DeviceKey("shop", "pos-7"),
                                        "pos",
                                        "ann",
                                        List.of("berlin", "tills"),
                                        expires.toInstant().toEpochMilli())));
    }

    @Test
    void refusesATokenThatNamesNoAlgorithm() {
        assertRefused(Keys.unsigned(Keys.claims("shop", "pos-7").build()), Refusal.MALFORMED);
    }

    @Test
    void theKeyChoosesTheAlgorithm() throws Exception {
        // The old trick: the public key, which everyone has, taken for a shared secret.
        byte[] publicKey = Keys.RSA.getPublic().getEncoded();
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(),
                        Keys.claims("shop", "pos-7").build());
        jwt.sign(new MACSigner(publicKey));
        assertRefused(jwt.serialize(), Refusal.WRONG_ALGORITHM);
        SignedJWT stronger =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS512).keyID("test").build(),
                        Keys.claims("shop", "pos-7").build());
        stronger.sign(new MACSigner(Arrays.copyOf(Keys.SECRET, 64)));
        assertRefused(stronger.serialize(), Refusal.WRONG_ALGORITHM);
    }

    @Test
    void refusesWhatAnotherKeySigned() throws Exception {
        JWTClaimsSet claims = Keys.claims("shop", "pos-7").build();
        byte[] other = "another secret, just as long as the first".getBytes(StandardCharsets.UTF_8);
        assertRefused(Keys.hs256("test", claims, other), Refusal.BAD_SIGNATURE);
        for (String token :
                List.of(
                        Keys.rs256("rsa", claims),
                        Keys.es256("ec", claims),
                        Keys.edDsa("ed", claims))) {
            int signature = token.lastIndexOf('.') + 1;
            char old = token.charAt(signature);
            String forged =
                    token.substring(0, signature)
                            + (old == 'A' ? 'B' : 'A')
                            + token.substring(signature + 1);
            assertRefused(forged, Refusal.BAD_SIGNATURE);
            assertRefused(token.substring(0, signature + 4), Refusal.BAD_SIGNATURE);
        }
    }

    @Test
    void refusesAKeyOfAnotherApp() {
        String own = Keys.hs256("shop-only", Keys.claims("shop", "a").build(), Keys.SECRET);
        String foreign = Keys.hs256("shop-only", Keys.claims("bank", "a").build(), Keys.SECRET);
        assertThat(verifier.verify(own)).isInstanceOf(Verified.class);
        assertRefused(foreign, Refusal.WRONG_APP);
    }

    @Test
    void refusesAnUnknownKey() {
        JWTClaimsSet claims = Keys.claims("shop", "pos-7").build();
        assertRefused(Keys.hs256("nobody", claims, Keys.SECRET), Refusal.UNKNOWN_KEY);
        assertRefused(Keys.hs256(null, claims, Keys.SECRET), Refusal.UNKNOWN_KEY);
        TokenVerifier single = new TokenVerifier(keyStore(List.of(), null), now());
        assertThat(single.verify(Keys.hs256(null, claims, Keys.SECRET)))
                .isInstanceOf(Verified.class);
    }

    @Test
    void timeHasALeewayOfFiveSeconds() {
        Instant exp = Instant.ofEpochSecond(Instant.now().getEpochSecond());
        String token = sign(Keys.claims("shop", "a").expirationTime(Date.from(exp)).build());
        assertThat(at(exp.plusMillis(4_999)).verify(token)).isInstanceOf(Verified.class);
        assertThat(at(exp.plusMillis(5_000)).verify(token)).isEqualTo(new Refused(Refusal.EXPIRED));
        String early = sign(Keys.claims("shop", "a").notBeforeTime(Date.from(exp)).build());
        assertThat(at(exp.minusMillis(5_000)).verify(early)).isInstanceOf(Verified.class);
        assertThat(at(exp.minusMillis(5_001)).verify(early))
                .isEqualTo(new Refused(Refusal.NOT_YET_VALID));
    }

    @Test
    void refusesMissingAndInvalidClaims() {
        for (JWTClaimsSet claims :
                List.of(
                        new JWTClaimsSet.Builder(Keys.claims("shop", "a").build())
                                .expirationTime(null)
                                .build(),
                        Keys.claims("shop", "a").claim("app", null).build(),
                        Keys.claims("shop", "a").claim("device", null).build(),
                        Keys.claims("shop", "a").claim("platform", null).build(),
                        Keys.claims("sh/op", "a").build(),
                        Keys.claims("shop", "a b").build(),
                        Keys.claims("shop", "x".repeat(129)).build(),
                        Keys.claims("shop", "a").claim("platform", "p|q").build(),
                        Keys.claims("shop", "a").subject("").build(),
                        Keys.claims("shop", "a")
                                .claim("groups", Collections.nCopies(101, "g"))
                                .build(),
                        Keys.claims("shop", "a").claim("groups", List.of("{}")).build())) {
            assertRefused(sign(claims), Refusal.BAD_CLAIM);
        }
        assertRefused(sign(Keys.claims("shop", "a").claim("app", 7).build()), Refusal.MALFORMED);
    }

    @Test
    void refusesWhatIsNoToken() {
        assertRefused(null, Refusal.MISSING);
        assertRefused("", Refusal.MISSING);
        assertRefused("a.b.c", Refusal.MALFORMED);
        assertRefused("....", Refusal.MALFORMED);
        assertRefused("x".repeat(TokenVerifier.MAX_TOKEN_LENGTH + 1), Refusal.TOO_LONG);
    }

    @Test
    void refusesCriticalExtensions() throws Exception {
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .keyID("test")
                                .criticalParams(java.util.Set.of("exp"))
                                .customParam("exp", 1)
                                .build(),
                        Keys.claims("shop", "a").build());
        jwt.sign(new MACSigner(Keys.SECRET));
        assertRefused(jwt.serialize(), Refusal.BAD_SIGNATURE);
    }

    @Test
    void takesPublicKeysFromPemFiles() throws Exception {
        Path rsa = pem("rsa.pem", Keys.RSA.getPublic().getEncoded());
        Path ed = pem("ed.pem", Keys.ED.getPublic().getEncoded());
        TokenVerifier pem =
                new TokenVerifier(
                        keyStore(List.of("r:RS256:" + rsa, "e@shop:EdDSA:" + ed), null), now());
        JWTClaimsSet claims = Keys.claims("shop", "a").build();
        assertThat(pem.verify(Keys.rs256("r", claims))).isInstanceOf(Verified.class);
        assertThat(pem.verify(Keys.edDsa("e", claims))).isInstanceOf(Verified.class);
        assertThat(pem.verify(Keys.edDsa("e", Keys.claims("bank", "a").build())))
                .isEqualTo(new Refused(Refusal.WRONG_APP));
    }

    private Path pem(String name, byte[] der) throws Exception {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n");
    }

    private static TokenVerifier at(Instant instant) {
        return new TokenVerifier(keyStore(List.of(), null), () -> instant);
    }

    private static String sign(JWTClaimsSet claims) {
        return Keys.hs256("test", claims, Keys.SECRET);
    }

    private void assertRefused(@Nullable String token, Refusal reason) {
        assertThat(verifier.verify(token)).isEqualTo(new Refused(reason));
    }
}
