package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Whatever comes in, a decoder gives a value or its one documented exception. */
@Timeout(60)
class CodecFuzzTest {
    private static final List<String> TOKENS =
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ":",
                    ",",
                    "\"",
                    "\\",
                    " ",
                    "\n",
                    "-",
                    "0",
                    "1e9",
                    "99999999999",
                    "true",
                    "false",
                    "null",
                    "\"id\"",
                    "\"app\"",
                    "\"to\"",
                    "\"data\"",
                    "\"device\"",
                    "\"devices\"",
                    "\"all\"",
                    "\"ttl\"",
                    "\"t\"",
                    "\"ack\"",
                    "\"ping\"",
                    "\"push\"",
                    "\"pos\"",
                    "\"log\"",
                    "\"1-0\"",
                    "\"a\"",
                    "\"status\"",
                    "\"accepted\"",
                    "\"at\"",
                    "{\"t\":",
                    "{\"id\":\"a\",",
                    "\"to\":{",
                    "é",
                    "😀",
                    "\u0000",
                    "/",
                    "1-0",
                    "a/b");

    private final Random random = Seeds.random();
    private final Samples samples = new Samples(random);

    static List<Codec<?>> codecs() {
        return Codec.all();
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void randomValuesSurviveTheRoundTrip(Codec<?> codec) throws Exception {
        for (int i = 0; i < 2_000; i++) {
            roundTrip(codec);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void randomBytes(Codec<?> codec) {
        for (int i = 0; i < 10_000; i++) {
            byte[] input = new byte[random.nextInt(80)];
            random.nextBytes(input);
            if (input.length > 2 && random.nextBoolean()) {
                input[0] = 1; // a version that is known
                input[1] = (byte) random.nextInt(5);
            }
            check(codec, input);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void randomTokens(Codec<?> codec) {
        for (int i = 0; i < 10_000; i++) {
            StringBuilder input = new StringBuilder();
            for (int tokens = random.nextInt(16); tokens > 0; tokens--) {
                input.append(TOKENS.get(random.nextInt(TOKENS.size())));
            }
            check(codec, input.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void everyTruncation(Codec<?> codec) {
        for (int i = 0; i < 20; i++) {
            byte[] valid = encodedSample(codec);
            for (int length = 0; length < Math.min(valid.length, 4_000); length++) {
                check(codec, Arrays.copyOf(valid, length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void everyByteChanged(Codec<?> codec) {
        for (int i = 0; i < 20; i++) {
            byte[] valid = encodedSample(codec);
            for (int index = 0; index < Math.min(valid.length, 2_000); index++) {
                byte[] input = valid.clone();
                input[index] = (byte) random.nextInt();
                check(codec, input);
                input[index] = (byte) (valid[index] ^ (1 << random.nextInt(8)));
                check(codec, input);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void bytesLeftOutOrPutIn(Codec<?> codec) {
        for (int i = 0; i < 2_000; i++) {
            byte[] valid = encodedSample(codec);
            int at = random.nextInt(valid.length);
            byte[] tail = Arrays.copyOfRange(valid, at, valid.length);
            byte[] left = Arrays.copyOf(valid, at + tail.length - 1);
            System.arraycopy(tail, 1, left, at, tail.length - 1);
            check(codec, left);
            byte[] more = Arrays.copyOf(valid, valid.length + 1);
            more[at] = (byte) random.nextInt();
            System.arraycopy(tail, 0, more, at + 1, tail.length);
            check(codec, more);
        }
    }

    private <T> void roundTrip(Codec<T> codec) throws Exception {
        T value = codec.sample().apply(samples);
        byte[] encoded = codec.encoder().apply(value);
        assertThat(codec.decoder().decode(encoded)).isEqualTo(value);
    }

    private <T> byte[] encodedSample(Codec<T> codec) {
        return codec.encoder().apply(codec.sample().apply(samples));
    }

    /** What is taken can be written and read again; what is not is refused in one short line. */
    private static <T> void check(Codec<T> codec, byte[] input) {
        try {
            T value = codec.decoder().decode(input);
            assertThat(codec.decoder().decode(codec.encoder().apply(value))).isEqualTo(value);
        } catch (Throwable e) {
            if (!codec.refusal().isInstance(e)) {
                throw new AssertionError(codec + " " + HexFormat.of().formatHex(input), e);
            }
            assertThat(e.getMessage()).hasSizeBetween(5, 500).matches("[ -~]*");
            if (e instanceof InvalidRequestException refused) {
                assertThat(refused.id()).matches(id -> id == null || Names.isMessageId(id));
                assertThat(refused.app()).matches(app -> app == null || Names.isApp(app));
            }
        }
    }
}
