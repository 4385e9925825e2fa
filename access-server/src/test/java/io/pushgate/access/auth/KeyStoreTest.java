package io.pushgate.access.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.List;

class KeyStoreTest {
    private static final String K =
            Base64.getUrlEncoder().withoutPadding().encodeToString(Keys.SECRET);

    @TempDir Path folder = Path.of("unset");

    @Test
    void readsTheFileAgainWhenItHasChanged() throws Exception {
        Path jwks = write("first", 1_000);
        KeyStore keys = KeyStore.open(List.of(), jwks);
        assertThat(keys.find("first")).isNotNull();

        write("second", 2_000);
        assertThat(keys.refresh()).isTrue();
        assertThat(keys.find("first")).isNull();
        assertThat(keys.find("second")).isNotNull();
    }

    @Test
    void keepsItsKeysWhileTheFileIsUnusable() throws Exception {
        Path jwks = write("first", 1_000);
        KeyStore keys = KeyStore.open(List.of(), jwks);
        Files.writeString(jwks, "{");
        assertThat(keys.refresh()).isFalse();
        Files.delete(jwks);
        assertThat(keys.refresh()).isFalse();
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void saysWhatIsWrongWithoutTheSecret() throws Exception {
        assertThatThrownBy(() -> KeyStore.open(List.of(), null))
                .hasMessageContaining("access.keys");
        for (String entry :
                List.of(
                        "noalg",
                        "k:none:" + K,
                        "k:HS512:" + K,
                        "k:HS256:c2hvcnQ=",
                        "k:HS256:%%%",
                        "k:RS256:/nowhere.pem")) {
            assertThatThrownBy(() -> KeyStore.open(List.of(entry), null))
                    .isInstanceOf(KeyException.class)
                    .hasMessageNotContaining(K);
        }
        assertThatThrownBy(() -> KeyStore.open(List.of(Keys.HS256_ENTRY, Keys.HS256_ENTRY), null))
                .hasMessageContaining("two keys have the id test");
    }

    @Test
    void everyKeyOfAFileNeedsItsAlgorithm() throws Exception {
        Path jwks = folder.resolve("jwks.json");
        Files.writeString(jwks, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"" + K + "\"}]}");
        assertThatThrownBy(() -> KeyStore.open(List.of(), jwks))
                .hasMessageContaining("key a: it has no alg");
        Files.writeString(
                jwks, "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" + K + "\"}]}");
        assertThatThrownBy(() -> KeyStore.open(List.of(), jwks)).hasMessageContaining("no kid");
        Files.writeString(jwks, "[]");
        assertThatThrownBy(() -> KeyStore.open(List.of(), jwks))
                .hasMessageContaining("not a JWK set");
    }

    private Path write(String kid, long modified) throws IOException {
        Path jwks = folder.resolve("jwks.json");
        Files.writeString(
                jwks,
                "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\""
                        + kid
                        + "\",\"k\":\""
                        + K
                        + "\"}]}");
        return Files.setLastModifiedTime(jwks, FileTime.fromMillis(modified));
    }
}
