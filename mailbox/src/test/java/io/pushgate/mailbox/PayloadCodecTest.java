package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.sun.management.ThreadMXBean;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.testkit.Orders;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;

class PayloadCodecTest {
    private static final int MEASURED = 200;

    /**
     * The object headers, and what zstd-jni's native methods allocate for themselves: 224 bytes to
     * compress, 408 to decompress. A buffer or a context would be more.
     */
    private static final long OVERHEAD = 512;

    private final PayloadCodec codec = new PayloadCodec(512);

    @AfterEach
    void close() {
        codec.close();
    }

    @Test
    void compressesOnlyAboveTheSizeAndOnlyWhatShrinks() throws InvalidInputException {
        assertThat(codec.encode(new byte[512], null).compressed()).isFalse();
        PayloadCodec.Stored stored = codec.encode(new byte[513], null);
        assertThat(stored.compressed()).isTrue();
        assertThat(stored.bytes()).hasSizeLessThan(100);
        assertThat(codec.decode(stored, null)).isEqualTo(new byte[513]);

        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        assertThat(codec.encode(noise, null).compressed()).isFalse();
    }

    @Test
    void aDictionaryServesItsOrdersAndNoOther() throws InvalidInputException {
        Random random = Seeds.random();
        Dictionary mine = Trained.dictionary(1);
        Dictionary other = Trained.dictionary(2);
        Orders orders = new Orders(random.nextLong());
        for (int i = 0; i < 200; i++) {
            byte[] order = orders.next();
            PayloadCodec.Stored plain = codec.encode(order, null);
            PayloadCodec.Stored stored = codec.encode(order, mine);
            assertThat(stored.bytes().length).isLessThan(plain.bytes().length);
            assertThat(plain.dictionary()).isZero();
            assertThat(stored.dictionary()).isEqualTo(mine.id());

            assertThat(codec.decode(stored, mine)).isEqualTo(order);
            assertThat(codec.decode(plain, null)).isEqualTo(order);
            assertThat(codec.decode(codec.encode(order, other), other)).isEqualTo(order);
            assertThatThrownBy(() -> codec.decode(stored, null))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("dictionary " + mine.id());
            assertThatThrownBy(() -> codec.decode(stored, other))
                    .isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void withADictionaryShortPayloadsAreWorthItToo() throws InvalidInputException {
        Dictionary dictionary = Trained.dictionary(1);
        byte[] order = new Orders(2).next(300);
        assertThat(order.length).isBetween(200, 512);
        assertThat(codec.encode(order, null).compressed()).isFalse();
        assertThat(codec.encode(order, dictionary).compressed()).isTrue();
        assertThat(codec.encode(new byte[128], dictionary).compressed()).isFalse();
    }

    @Test
    void noBufferAndNoContextIsMadeForACall() throws InvalidInputException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Dictionary dictionary = Trained.dictionary(1);
        byte[] order = new Orders(2).next(3_900);
        PayloadCodec.Stored stored = codec.encode(order, dictionary);
        codec.decode(stored, dictionary);
        long encoding = Long.MAX_VALUE;
        long decoding = Long.MAX_VALUE;
        for (int i = 0; i < MEASURED; i++) {
            long begin = threads.getCurrentThreadAllocatedBytes();
            codec.encode(order, dictionary);
            long encoded = threads.getCurrentThreadAllocatedBytes();
            codec.decode(stored, dictionary);
            long decoded = threads.getCurrentThreadAllocatedBytes();
            // The least: now and then the JVM itself allocates something on our thread.
            encoding = Math.min(encoding, encoded - begin);
            decoding = Math.min(decoding, decoded - encoded);
        }
        int bytes = stored.bytes().length;
        assertThat(encoding).isBetween((long) bytes, bytes + OVERHEAD);
        assertThat(decoding).isBetween((long) order.length, order.length + OVERHEAD);
    }

    @Test
    void itWorksOnWhenItIsClosed() throws InvalidInputException {
        PayloadCodec.Stored stored = codec.encode(new byte[5000], null);
        codec.close();
        assertThat(codec.decode(stored, null)).isEqualTo(new byte[5000]);
    }

    @Test
    void nothingDamagedIsTakenForAPayload() throws InvalidInputException {
        Random random = Seeds.random();
        Dictionary dictionary = Trained.dictionary(1);
        Orders orders = new Orders(2);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            Dictionary used = random.nextBoolean() ? dictionary : null;
            byte[] order = orders.next(1000);
            byte[] whole = codec.encode(order, used).bytes();
            int at = random.nextInt(whole.length);
            boolean cut = random.nextInt(4) == 0;
            byte[] damaged = Arrays.copyOf(whole, cut ? at : whole.length);
            if (!cut) {
                damaged[at] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                // A bit or two of a frame mean nothing; all others are noticed.
                assertThat(codec.decode(new PayloadCodec.Stored(damaged, true), used))
                        .isEqualTo(order);
            } catch (InvalidInputException e) {
                assertThat(e).hasMessageContaining("compressed payload");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1900);
    }

    @Test
    void whatWouldBeTooLargeIsRefusedBeforeItIsDecompressed() throws InvalidInputException {
        byte[] largest = new byte[PayloadCodec.MAX_BYTES];
        assertThat(codec.decode(codec.encode(largest, null), null)).isEqualTo(largest);
        byte[] bomb = Zstd.compress(new byte[64 << 20]);
        assertThat(bomb).hasSizeLessThan(10_000);
        assertThatThrownBy(() -> codec.decode(new PayloadCodec.Stored(bomb, true), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("of an odd size: " + (64 << 20));
        for (byte[] first : new byte[][] {new byte[10], new byte[PayloadCodec.MAX_BYTES]}) {
            byte[] frame = Zstd.compress(first);
            byte[] two = Arrays.copyOf(frame, frame.length + bomb.length);
            System.arraycopy(bomb, 0, two, frame.length, bomb.length);
            assertThatThrownBy(() -> codec.decode(new PayloadCodec.Stored(two, true), null))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("compressed payload is corrupt");
        }
    }

    @Test
    void aFrameThatDoesNotSayItsSizeIsRefused() {
        try (ZstdCompressCtx silent = new ZstdCompressCtx().setContentSize(false)) {
            byte[] frame = silent.compress(new byte[100]);
            for (byte[] odd : new byte[][] {frame, {}}) {
                assertThatThrownBy(() -> codec.decode(new PayloadCodec.Stored(odd, true), null))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("of an odd size");
            }
        }
    }
}
