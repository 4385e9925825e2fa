package io.pushgate.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.pushgate.runtime.StartupException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * A JWKS file that tokens are signed with. Standalone makes one with a single random HS256 secret
 * for development; in production tokens come from whoever knows the users, and the gateway holds
 * public keys only.
 */
public final class SigningKeys {
    /** The development key's file within a data folder. */
    public static final String DEVELOPMENT_FILE = "dev-keys.json";

    private static final String DEVELOPMENT_KEY_ID = "dev";
    private static final int SECRET_BYTES = 32;

    private final JWK key;
    private final JWSAlgorithm algorithm;
    private final JWSSigner signer;

    private SigningKeys(JWK key, JWSAlgorithm algorithm, JWSSigner signer) {
        this.key = key;
        this.algorithm = algorithm;
        this.signer = signer;
    }

    /**
     * The development key of the data folder, made where there is none, readable by its owner only.
     *
     * @throws StartupException where the file cannot be read or written
     */
    public static Path ensureDevelopment(Path dataFolder) throws StartupException {
        Path file = dataFolder.resolve(DEVELOPMENT_FILE);
        if (Files.exists(file)) {
            return file;
        }
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        JWK key =
                new OctetSequenceKey.Builder(secret)
                        .keyID(DEVELOPMENT_KEY_ID)
                        .algorithm(JWSAlgorithm.HS256)
                        .build();
        try {
            Files.createDirectories(dataFolder);
            write(file, new JWKSet(List.of(key)).toString(false));
            return file;
        } catch (IOException e) {
            throw new StartupException(
                    "the development key cannot be written: " + Errors.reason(e), e);
        }
    }

    // Whole or not at all: two roles that share a data folder may start at once, and the first key
    // wins.
    private static void write(Path file, String text) throws IOException {
        FileAttribute<?> ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path draft =
                Files.createTempFile(
                        file.toAbsolutePath().getParent(), DEVELOPMENT_FILE, ".new", ownerOnly);
        try {
            Files.write(
                    draft,
                    (text + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.WRITE);
            if (!Files.exists(file)) {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /**
     * Reads the first key of the file that can sign.
     *
     * @throws StartupException where there is none
     */
    public static SigningKeys load(Path file) throws StartupException {
        try {
            for (JWK key : JWKSet.load(file.toFile()).getKeys()) {
                if (key.isPrivate()) {
                    return of(key);
                }
            }
        } catch (IOException e) {
            throw new StartupException("the key file cannot be read: " + Errors.reason(e), e);
        } catch (ParseException | JOSEException e) {
            throw new StartupException(file + " is no usable JWKS: " + Errors.reason(e), e);
        }
        throw new StartupException(file + " holds no private or secret key to sign with");
    }

    private static SigningKeys of(JWK key) throws JOSEException {
        return switch (key) {
            case OctetSequenceKey secret ->
                    new SigningKeys(key, JWSAlgorithm.HS256, new MACSigner(secret));
            case RSAKey rsa -> new SigningKeys(key, JWSAlgorithm.RS256, new RSASSASigner(rsa));
            case ECKey ec -> new SigningKeys(key, JWSAlgorithm.ES256, new ECDSASigner(ec));
            default ->
                    throw new JOSEException(
                            "tokens are signed with an oct, RSA or EC key, not "
                                    + key.getKeyType());
        };
    }

    /**
     * A token for one device.
     *
     * @throws IllegalStateException where the key turns out not to fit its algorithm
     */
    public String sign(DeviceClaims claims, Instant expires) {
        JWTClaimsSet.Builder body =
                new JWTClaimsSet.Builder()
                        .claim("app", claims.app())
                        .claim("device", claims.device())
                        .claim("platform", claims.platform())
                        .subject(claims.user())
                        .expirationTime(Date.from(expires));
        if (!claims.groups().isEmpty()) {
            body.claim("groups", List.copyOf(claims.groups()));
        }
        JWSHeader header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
        SignedJWT token = new SignedJWT(header, body.build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the key does not sign: " + e.getMessage(), e);
        }
        return token.serialize();
    }

    /** What a token says about its bearer. */
    public record DeviceClaims(
            String app,
            String device,
            @Nullable String user,
            String platform,
            Set<String> groups) {}
}
