package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;

import io.pushgate.runtime.StartupException;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;

class SigningKeysTest {
    @TempDir Path temp = Path.of("");

    @Test
    void theDevelopmentKeyIsMadeOnceAndItsOwnersAlone() throws Exception {
        Path file = SigningKeys.ensureDevelopment(temp);
        String first = Files.readString(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(SigningKeys.ensureDevelopment(temp)).isEqualTo(file);
        assertThat(file).hasContent(first.strip());
        try (var files = Files.list(temp)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aTokenSaysWhoseItIsAndVerifies() throws Exception {
        Path file = SigningKeys.ensureDevelopment(temp);
        Instant expires = Instant.ofEpochSecond(2_000_000_000);
        DeviceClaims claims = new DeviceClaims("shop", "pos-7", "ann", "pos", Set.of("north"));
        SignedJWT token = SignedJWT.parse(SigningKeys.load(file).sign(claims, expires));
        byte[] secret =
                JWKSet.load(file.toFile()).getKeyByKeyId("dev").toOctetSequenceKey().toByteArray();
        assertThat(token.verify(new MACVerifier(secret))).isTrue();
        assertThat(token.getHeader().getKeyID()).isEqualTo("dev");
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("HS256");
        assertThat(token.getJWTClaimsSet().getClaims())
                .containsEntry("app", "shop")
                .containsEntry("device", "pos-7")
                .containsEntry("platform", "pos")
                .containsEntry("sub", "ann")
                .containsEntry("groups", java.util.List.of("north"));
        assertThat(token.getJWTClaimsSet().getExpirationTime())
                .isEqualTo(java.util.Date.from(expires));
    }

    @Test
    void aFileWithoutASecretIsRefused() throws Exception {
        Path file = Files.writeString(temp.resolve("keys.json"), "{\"keys\":[]}");
        assertThatThrownBy(() -> SigningKeys.load(file))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("no private or secret key");
        Files.writeString(file, "nonsense");
        assertThatThrownBy(() -> SigningKeys.load(file))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("is no usable JWKS");
    }
}
