package io.pushgate.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class TlsMetersDocTest {
    @ParameterizedTest
    @EnumSource
    void standsInTheOperationsGuide(TlsMeters meter) throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "operations.md")))
                .contains("\n| `" + meter.meterName() + "` | ");
    }
}
