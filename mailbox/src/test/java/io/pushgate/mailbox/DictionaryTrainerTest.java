package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class DictionaryTrainerTest {
    @Test
    void ordersTakeFarLessThanWithout() {
        TrainedDictionary trained = Trained.trained(1);
        assertThat(trained.samples()).isEqualTo(225);
        assertThat(trained.bytes()).isLessThanOrEqualTo(DictionaryTrainer.MAX_BYTES);
        TrainedDictionary.Trial trial = trained.trial();
        assertThat(trial.payloads()).isEqualTo(25);
        assertThat(trial.zstd()).isLessThan(trial.plain());
        assertThat(trial.dictionary() * 10).isLessThan(trial.zstd() * 7);
    }

    @Test
    void theSamePayloadTwiceCountsOnce() {
        List<byte[]> same = Collections.nCopies(5_000, "{\"a\":1}".getBytes(UTF_8));
        assertThat(DictionaryTrainer.train(same))
                .isEqualTo(new Training.TooFew(1, DictionaryTrainer.MIN_SAMPLES));
    }

    @Test
    void whatHasNothingInCommonGetsNone() {
        Random random = new Random(1);
        List<byte[]> noise = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[1_000];
            random.nextBytes(payload);
            noise.add(payload);
        }
        assertThat(DictionaryTrainer.train(noise))
                .isInstanceOfAny(Training.NoGain.class, Training.Failed.class);
    }
}
