package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** {@code docs/protocol.md} says what the code does. */
class ProtocolDocTest {
    private static final Path DOC = Path.of("..", "docs", "protocol.md");

    @Test
    void listsEveryCloseCode() throws IOException {
        List<String> expected =
                Arrays.stream(CloseReason.values())
                        .map(
                                r ->
                                        "%d %s %s"
                                                .formatted(
                                                        r.code(),
                                                        r.reason(),
                                                        r.reconnect() ? "reconnect" : "terminal"))
                        .toList();
        assertThat(table("| code | reason |", 3)).isEqualTo(expected);
    }

    @Test
    void listsEveryStatus() throws IOException {
        List<String> expected =
                Arrays.stream(Receipt.Status.values())
                        .map(
                                s ->
                                        "`%s` %s %s"
                                                .formatted(
                                                        s.wireName(),
                                                        s.isFinal() ? "final" : "no",
                                                        s.isUnasked() ? "always" : "on request"))
                        .toList();
        assertThat(table("| status | final |", 3)).isEqualTo(expected);
    }

    @Test
    void namesEveryTopicAndHeader() throws IOException {
        assertThat(table("| topic |", 1))
                .containsExactlyInAnyOrderElementsOf(
                        Topics.all().stream().map(topic -> "`" + topic + "`").toList());
        assertThat(table("| header |", 2))
                .containsExactlyInAnyOrder(
                        "`" + Topics.DUE_HEADER + "` `" + Topics.REQUESTS + "`",
                        "`" + Topics.REASON_HEADER + "` `" + Topics.REJECTED + "`",
                        "`" + Topics.SOURCE_HEADER + "` `" + Topics.REJECTED + "`",
                        "`" + Topics.ORIGIN_HEADER + "` `" + Topics.EXPANSIONS + "`",
                        "`" + Topics.REQUESTED_HEADER + "` `" + Topics.EXPANSIONS + "`",
                        "`" + Topics.TIMES_HEADER + "` `" + Topics.DELIVERIES + "`");
    }

    @Test
    void givesTheBounds() throws IOException {
        assertThat(Files.readString(DOC))
                .contains(
                        "at most %s bytes as written"
                                .formatted(grouped(PushRequestCodec.MAX_DATA_BYTES)))
                .contains(
                        "at most %s bytes. It"
                                .formatted(grouped(PushRequestCodec.MAX_REQUEST_BYTES)))
                .contains("1 to %s devices".formatted(grouped(PushRequestCodec.MAX_DEVICES)))
                .contains("1 to %d platforms".formatted(PushRequestCodec.MAX_PLATFORMS))
                .contains(
                        "| `ttl` | %1$d | whole seconds, 1 to %1$d"
                                .formatted(PushRequest.MAX_TTL.toSeconds()))
                .contains(
                        "| %s bytes | close 1009"
                                .formatted(grouped(ClientFrameCodec.MAX_FRAME_BYTES)))
                .contains("| %s bytes, never".formatted(grouped(ServerFrameCodec.MAX_FRAME_BYTES)))
                .contains("| %d levels |".formatted(JsonReader.MAX_DEPTH))
                .contains(
                        "at most %s characters; left"
                                .formatted(grouped(ReceiptCodec.MAX_REASON_LENGTH)));
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        String kind = "";
        for (String line : Files.readAllLines(DOC)) {
            if (line.startsWith("```")) {
                kind = line.substring(3);
            } else if (kind.startsWith("json ")) {
                examples.add(new Example(kind.substring(5), line));
            }
        }
        return examples;
    }

    record Example(String kind, String json) {}

    @ParameterizedTest
    @MethodSource("examples")
    void showsValidExamples(Example example) throws Exception {
        byte[] json = example.json().getBytes(StandardCharsets.UTF_8);
        Codec<?> codec =
                switch (example.kind()) {
                    case "server" -> Codec.SERVER_FRAME;
                    case "client" -> Codec.CLIENT_FRAME;
                    case "request" -> Codec.REQUEST;
                    case "receipt" -> Codec.RECEIPT;
                    default -> throw new AssertionError("a block of unknown kind: " + example);
                };
        assertThat(codec.decoder().decode(json)).isNotNull();
    }

    /** The first cells of each row of the table whose head begins so, joined by spaces. */
    private static List<String> table(String head, int cells) throws IOException {
        List<String> lines = Files.readAllLines(DOC);
        int start = 0;
        while (!lines.get(start).startsWith(head)) {
            start++;
        }
        List<String> rows = new ArrayList<>();
        for (String line : lines.subList(start + 2, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            List<String> row = Arrays.stream(line.split("\\|")).map(String::strip).toList();
            rows.add(String.join(" ", row.subList(1, 1 + cells)));
        }
        return rows;
    }

    private static String grouped(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
