package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.Random;

class PayloadCodecTest {
    private final PayloadCodec codec = new PayloadCodec(512);

    @Test
    void compressesOnlyAboveTheSizeAndOnlyWhatShrinks() throws InvalidInputException {
        assertThat(codec.encode(new byte[512]).compressed()).isFalse();
        PayloadCodec.Stored stored = codec.encode(new byte[513]);
        assertThat(stored.compressed()).isTrue();
        assertThat(stored.bytes()).hasSizeLessThan(100);
        assertThat(PayloadCodec.decode(stored)).isEqualTo(new byte[513]);

        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        assertThat(codec.encode(noise).compressed()).isFalse();
    }

    @Test
    void damagedPayloadsAreInvalidInput() {
        Random random = Seeds.random();
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = codec.encode(new byte[600 + random.nextInt(5000)]).bytes().clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                PayloadCodec.decode(new PayloadCodec.Stored(bytes, true));
            } catch (InvalidInputException e) {
                assertThat(e).hasMessageContaining("compressed payload");
            }
        }
        byte[] bomb = Zstd.compress(new byte[PayloadCodec.MAX_BYTES + 1]);
        assertThatThrownBy(() -> PayloadCodec.decode(new PayloadCodec.Stored(bomb, true)))
                .isInstanceOf(InvalidInputException.class);
    }
}
