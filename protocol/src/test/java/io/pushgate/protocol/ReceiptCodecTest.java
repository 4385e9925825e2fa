package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class ReceiptCodecTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"id":"a","app":"s","status":"lost","at":1}     | the receipt has the unknown status "lost"
                    {"id":"a","app":"s","status":"expired"}         | the receipt has no field at
                    {"id":"a","app":"s","status":"expired","at":-1} | the receipt has a wrong at: it must be a whole number from 0 to 9223372036854775807
                    {"id":"a b","app":"s","status":"expired","at":1} | the receipt has a wrong id: it must be a valid name
                    {"id":"a"                                       | the receipt is not valid JSON at line 1, column
                    """)
    void refusesWithASentence(String json, String message) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void ignoresFieldsOfALaterVersion() throws Exception {
        String json = "{\"x\":[1],\"id\":\"a\",\"app\":\"s\",\"status\":\"expired\",\"at\":1}";
        assertThat(decode(json))
                .isEqualTo(new Receipt("a", "s", null, Receipt.Status.EXPIRED, 1, 0, null));
    }

    @Test
    void cutsALongReasonSoThatEveryReceiptCanBeReadAgain() throws Exception {
        String longest = "\u0001".repeat(ReceiptCodec.MAX_REASON_LENGTH);
        Receipt receipt =
                new Receipt(
                        "a".repeat(128),
                        "s".repeat(64),
                        "d".repeat(128),
                        Receipt.Status.REJECTED,
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        longest + "more");
        byte[] encoded = ReceiptCodec.encode(receipt);
        assertThat(encoded).hasSizeLessThan(ReceiptCodec.MAX_RECEIPT_BYTES);
        assertThat(ReceiptCodec.decode(encoded).reason()).isEqualTo(longest);
        assertThatThrownBy(() -> decode(" ".repeat(ReceiptCodec.MAX_RECEIPT_BYTES + 1)))
                .hasMessage("the receipt has 16385 bytes, at most 16384 are allowed");
    }

    private static Receipt decode(String json) throws InvalidInputException {
        return ReceiptCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
