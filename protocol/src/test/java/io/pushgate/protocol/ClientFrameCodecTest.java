package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFrameCodecTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"t":"pull"}                 | the frame has the unknown t "pull": allowed are ack, ping
                    {"t":1}                      | the frame has a wrong t: it must be a string
                    {"pos":"1-0"}                | the frame has no field t
                    {"t":"ack"}                  | the frame has no field pos
                    {"t":"ack","pos":10}         | the frame has a wrong pos: it must be a string
                    {"t":"ack","pos":"1"}        | the frame has a wrong pos: it must be a position such as "1763712345678-0"
                    {"t":"ack","pos":"1-0","log":"a b"} | the frame has a wrong log: it must be a valid name
                    {"t":"ack","pos":"1-0","x":1} | the frame has the unknown field "x": allowed are t, pos, log
                    {"t":"ping","pos":"1-0"}     | the frame has the unknown field "pos": allowed are t
                    [{"t":"ping"}]               | the frame must be a JSON object, not a list
                    {"t":"ping"}{"t":"ping"}     | the frame goes on after the end of its JSON object
                    """)
    void refusesWithASentence(String json, String message) {
        assertThatThrownBy(() -> ClientFrameCodec.decode(json))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    @Test
    void boundsTheFrameInUtf8Bytes() throws Exception {
        String ping = "{\"t\":\"ping\"}";
        String full = ping + " ".repeat(ClientFrameCodec.MAX_FRAME_BYTES - ping.length());
        assertThat(ClientFrameCodec.decode(full)).isEqualTo(new ClientFrame.Ping());
        assertThatThrownBy(() -> ClientFrameCodec.decode(full + " "))
                .hasMessage("the frame is too big: at most 4096 bytes are allowed");
        assertThatThrownBy(() -> ClientFrameCodec.decode("{\"t\":\"" + "é".repeat(2045) + "\"}"))
                .hasMessageContaining("too big");
    }
}
