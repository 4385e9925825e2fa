package io.pushgate.faults.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs device tokens (JWT, HS256) with a secret that the access nodes are given. */
public final class Tokens {
    private static final String KEY_ID = "faults";
    private static final Duration LIFE = Duration.ofHours(24);
    private static final int SECRET_BYTES = 32;

    private final byte[] secret;

    private Tokens(byte[] secret) {
        this.secret = secret;
    }

    public static Tokens random() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new Tokens(secret);
    }

    /** The secret as {@code access.keys} takes it. */
    public String key() {
        return KEY_ID + ":HS256:" + Base64.getEncoder().encodeToString(secret);
    }

    /** A token for a device, good for a day. */
    public String token(String app, String device) {
        String head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"" + KEY_ID + "\"}");
        String body =
                part(
                        "{\"app\":\"%s\",\"device\":\"%s\",\"platform\":\"faults\",\"exp\":%d}"
                                .formatted(app, device, Instant.now().plus(LIFE).getEpochSecond()));
        String signed = head + "." + body;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String part(String json) {
        return base64(json.getBytes(UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
