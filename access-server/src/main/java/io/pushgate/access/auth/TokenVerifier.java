package io.pushgate.access.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.pushgate.access.auth.TokenOutcome.Refusal;
import io.pushgate.access.auth.TokenOutcome.Refused;
import io.pushgate.access.auth.TokenOutcome.Verified;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Names;

import org.jspecify.annotations.Nullable;

import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;

/**
 * Verifies device tokens (JWT, RFC 7519). The algorithm is the key's, never the token's to choose
 * (RFC 8725, 3.1). Safe for any thread; costs about 100 µs at most, nothing of it I/O. Neither
 * outcomes nor logs hold any part of a token.
 */
public final class TokenVerifier {
    /** Characters of a token at most. */
    public static final int MAX_TOKEN_LENGTH = 4096;

    /** Groups of a device at most. */
    public static final int MAX_GROUPS = 100;

    /** How far the clocks of issuer and gateway may lie apart. */
    public static final Duration LEEWAY = Duration.ofSeconds(5);

    private final KeyStore keys;
    private final InstantSource clock;

    public TokenVerifier(KeyStore keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    public TokenOutcome verify(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return new Refused(Refusal.MISSING);
        }
        if (token.length() > MAX_TOKEN_LENGTH) {
            return new Refused(Refusal.TOO_LONG);
        }
        try {
            return verify(SignedJWT.parse(token));
        } catch (ParseException | IllegalArgumentException e) {
            return new Refused(Refusal.MALFORMED); // "alg": "none" ends here, too
        }
    }

    private TokenOutcome verify(SignedJWT jwt) throws ParseException {
        JWSHeader header = jwt.getHeader();
        VerificationKey key = keys.find(header.getKeyID());
        if (key == null) {
            return new Refused(Refusal.UNKNOWN_KEY);
        }
        if (!key.algorithm().jwsName().equals(header.getAlgorithm().getName())) {
            return new Refused(Refusal.WRONG_ALGORITHM);
        }
        if (header.getCriticalParams() != null || !isSigned(jwt, key)) {
            return new Refused(Refusal.BAD_SIGNATURE); // crit (RFC 7515, 4.1.11): we know none
        }
        return read(jwt.getJWTClaimsSet(), key);
    }

    private static boolean isSigned(SignedJWT jwt, VerificationKey key) {
        try {
            return jwt.verify(key.verifier());
        } catch (JOSEException e) {
            return false;
        }
    }

    private TokenOutcome read(JWTClaimsSet claims, VerificationKey key) throws ParseException {
        String app = claims.getStringClaim("app");
        String device = claims.getStringClaim("device");
        String platform = claims.getStringClaim("platform");
        String user = claims.getSubject();
        List<String> groups = claims.getStringListClaim("groups");
        Date expiry = claims.getExpirationTime();
        if (app == null
                || device == null
                || platform == null
                || expiry == null
                || !Names.isApp(app)
                || !Names.isAddress(device)
                || !Names.isLabel(platform)
                || (user != null && !Names.isAddress(user))
                || (groups != null && !areGroups(groups))) {
            return new Refused(Refusal.BAD_CLAIM);
        }
        if (key.app() != null && !key.app().equals(app)) {
            return new Refused(Refusal.WRONG_APP);
        }
        long expiresAt = expiry.toInstant().toEpochMilli();
        long now = clock.millis();
        if (expiresAt + LEEWAY.toMillis() <= now) {
            return new Refused(Refusal.EXPIRED);
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && notBefore.toInstant().toEpochMilli() - LEEWAY.toMillis() > now) {
            return new Refused(Refusal.NOT_YET_VALID);
        }
        return new Verified(
                new Claims(
                        new DeviceKey(app, device),
                        platform,
                        user,
                        groups == null ? List.of() : List.copyOf(groups),
                        expiresAt));
    }

    private static boolean areGroups(List<String> groups) {
        if (groups.size() > MAX_GROUPS) {
            return false;
        }
        for (String group : groups) {
            if (group == null || !Names.isAddress(group)) {
                return false;
            }
        }
        return true;
    }
}
