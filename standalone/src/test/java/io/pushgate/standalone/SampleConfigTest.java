package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.runtime.config.ConfigDoc;
import io.pushgate.runtime.config.ConfigLoader;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The sample configuration in {@code docs} is complete, true and loads. */
class SampleConfigTest {
    private static final Path SAMPLE = Path.of("..", "docs", "pushgate.sample.yaml");
    private static final String REWRITE = "sample";

    @Test
    void theSampleIsWhatTheRecordsSay() throws Exception {
        String wanted = SampleConfig.write(ConfigDoc.describe(PushgateConfig.class));
        if ("write".equals(System.getProperty(REWRITE))) {
            Files.writeString(SAMPLE, wanted);
        }
        assertThat(SAMPLE)
                .as(
                        "docs/pushgate.sample.yaml is stale; rewrite it with: ./mvnw -pl standalone -am"
                                + " test -Dtest=SampleConfigTest -Dsample=write"
                                + " -Dsurefire.failIfNoSpecifiedTests=false")
                .hasContent(wanted);
    }

    @Test
    void theSampleLoadsToTheDefaults() throws Exception {
        PushgateConfig sample = ConfigLoader.load(PushgateConfig.class, SAMPLE, Map.of(), Map.of());
        PushgateConfig defaults = ConfigLoader.load(PushgateConfig.class, null, Map.of(), Map.of());
        assertThat(sample).isEqualTo(defaults);
    }

    @Test
    void everyKeySaysWhatItDoes() {
        assertThat(ConfigDoc.describe(PushgateConfig.class))
                .allSatisfy(entry -> assertThat(entry.doc()).as(entry.path()).endsWith("."));
    }
}
