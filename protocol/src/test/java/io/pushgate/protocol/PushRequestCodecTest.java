package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

@Timeout(60)
class PushRequestCodecTest {
    private static final String VALID =
            "'id':'a','app':'shop','to':{'device':'d'},'data':{}".replace('\'', '"');

    /** Each changes one field of a valid request; quotes are written as single ones. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'id':'a b'                 | id must be 1 to 128 of A-Z a-z 0-9 . _ : -, not "a b"
                    'id':''                    | id must be 1 to 128 of A-Z a-z 0-9 . _ : -, not ""
                    'id':7                     | id must be 1 to 128 of A-Z a-z 0-9 . _ : -, not 7
                    'id':null                  | id must be 1 to 128 of A-Z a-z 0-9 . _ : -, not null
                    'id':{'a':[1]}             | id must be 1 to 128 of A-Z a-z 0-9 . _ : -, not an object
                    'app':'a/b'                | app must be 1 to 64 of A-Z a-z 0-9 . _ -, not "a/b"
                    'to':'d'                   | to must be an object with exactly one of device, devices, user, group, all, not "d"
                    'to':{}                    | to must be an object with exactly one of device, devices, user, group, all, not one with 0 of them
                    'to':{'device':'d','user':'u'} | to must be an object with exactly one of device, devices, user, group, all, not one with 2 of them
                    'to':{'platform':['pc']}   | to must be an object with exactly one of device, devices, user, group, all, not one with 0 of them
                    'to':{'all':false}         | to.all must be true, not false
                    'to':{'all':{'x':1}}       | to.all must be true, not an object
                    'to':{'device':'d{1}'}     | to.device must be 1 to 128 of A-Z a-z 0-9 . _ : @ + -, not "d{1}"
                    'to':{'device':['d']}      | to.device must be 1 to 128 of A-Z a-z 0-9 . _ : @ + -, not a list
                    'to':{'user':true}         | to.user must be 1 to 128 of A-Z a-z 0-9 . _ : @ + -, not true
                    'to':{'group':''}          | to.group must be 1 to 128 of A-Z a-z 0-9 . _ : @ + -, not ""
                    'to':{'devices':[]}        | to.devices must be a list of 1 to 1000 names, not an empty one
                    'to':{'devices':'d'}       | to.devices must be a list of 1 to 1000 names, not "d"
                    'to':{'devices':['d',[1]]} | each name in to.devices must be 1 to 128 of A-Z a-z 0-9 . _ : @ + -, not a list
                    'to':{'all':true,'platform':[]}     | to.platform must be a list of 1 to 16 names, not an empty one
                    'to':{'all':true,'platform':'pc'}   | to.platform must be a list of 1 to 16 names, not "pc"
                    'to':{'all':true,'platform':['p c']} | each name in to.platform must be 1 to 64 of A-Z a-z 0-9 . _ -, not "p c"
                    'to':{'device':'d','x':1}  | unknown field "x" in to: allowed are exactly one of device, devices, user, group, all, and platform
                    'ttl':0                    | ttl must be a whole number of seconds from 1 to 604800, not 0
                    'ttl':604801               | ttl must be a whole number of seconds from 1 to 604800, not 604801
                    'ttl':-1                   | ttl must be a whole number of seconds from 1 to 604800, not -1
                    'ttl':1.5                  | ttl must be a whole number of seconds from 1 to 604800, not 1.5
                    'ttl':'60'                 | ttl must be a whole number of seconds from 1 to 604800, not "60"
                    'ttl':99999999999999999999 | ttl must be a whole number of seconds from 1 to 604800, not 99999999999999999999
                    'ttl':9223372036854775807  | ttl must be a whole number of seconds from 1 to 604800, not 9223372036854775807
                    'priority':'urgent'        | priority must be one of high, normal, bulk, not "urgent"
                    'priority':'HIGH'          | priority must be one of high, normal, bulk, not "HIGH"
                    'collapse':null            | collapse must be 1 to 128 of A-Z a-z 0-9 . _ : -, not null
                    'deliverAt':1763712345     | deliverAt must be a time in milliseconds since 1970 (UTC), such as 1763712345678, not 1763712345
                    'deliverAt':'2026-12-24T18:00:00Z' | deliverAt must be a time in milliseconds since 1970 (UTC), such as 1763712345678, not "2026-12-24T18:00:00Z"
                    'deliverAt':999999999999999999 | deliverAt must be a time in milliseconds since 1970 (UTC), such as 1763712345678, not 999999999999999999
                    'cancelOn':'last-ack'      | cancelOn must be "first-ack", not "last-ack"
                    'cancelOn':true            | cancelOn must be "first-ack", not true
                    'receipt':'yes'            | receipt must be true or false, not "yes"
                    'trace':1                  | trace must be true or false, not 1
                    'x-y':[1,{'id':'other'}]   | unknown field "x-y" in the request: allowed are id, app, to, data, ttl, priority, collapse, deliverAt, cancelOn, receipt, trace
                    """)
    void refusesAWrongField(String field, String message) {
        String json = field.replace('\'', '"');
        String name = json.substring(0, json.indexOf(':'));
        String others =
                List.of(VALID.split(",")).stream()
                        .filter(other -> !other.startsWith(name))
                        .collect(Collectors.joining(","));
        InvalidRequestException first = refusal("{" + json + "," + others + "}");
        InvalidRequestException last = refusal("{" + others + "," + json + "}");
        for (InvalidRequestException e : List.of(first, last)) {
            assertThat(e).hasMessage(message);
            assertThat(e.id()).isEqualTo(name.equals("\"id\"") ? null : "a");
            assertThat(e.app()).isEqualTo(name.equals("\"app\"") ? null : "shop");
        }
    }

    @ParameterizedTest
    @CsvSource({"id,id is missing", "app,app is missing", "to,to is missing", "data,data is"})
    void refusesAMissingField(String name, String message) {
        String others =
                List.of(VALID.split(",")).stream()
                        .filter(field -> !field.startsWith("\"" + name))
                        .collect(Collectors.joining(","));
        assertThat(refusal("{" + others + "}")).hasMessageStartingWith(message);
    }

    @Test
    void reportsTheFirstFaultOnly() {
        InvalidRequestException e =
                refusal("{\"ttl\":0,\"id\":\"a\",\"to\":{},\"x\":1,\"app\":\"shop\"}");
        assertThat(e).hasMessageStartingWith("ttl must be");
        assertThat(e.id()).isEqualTo("a");
        assertThat(e.app()).isEqualTo("shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``          | the request is empty, not a JSON object
                    [1]         | the request must be a JSON object, not a list
                    "x"         | the request must be a JSON object, not "x"
                    {"id":      | the request is not valid JSON at line 1, column
                    {a:1}       | the request is not valid JSON at line 1, column 2
                    {"id":"a","id":"a"}   | the request is not valid JSON at line 1, column 15: Duplicate field 'id'
                    {"data":{"x":1,"x":2}} | the request is not valid JSON at line 1, column 19: Duplicate field 'x'
                    """)
    void refusesWhatIsNoJsonObject(String json, String message) {
        assertThat(refusal(json)).hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"}", "1", "{}", ",", "x", "/*c*/"})
    void refusesTrailingContent(String tail) {
        InvalidRequestException e = refusal("{" + VALID + "} " + tail);
        assertThat(e).hasMessageContaining("one JSON object in UTF-8 is allowed");
        assertThat(e.id()).isEqualTo("a");
    }

    @Test
    void takesWhiteSpaceAround() throws Exception {
        assertThat(decode(" \r\n{" + VALID + "}\t\n").id()).isEqualTo("a");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] json = ("{" + VALID + ",\"x\":\"é\"}").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(refusal(json)).hasMessageContaining("is not valid UTF-8");
        byte[] surrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
        assertThat(refusal(surrogate)).hasMessageContaining("is not valid UTF-8");
        byte[] overlong = {'"', (byte) 0xC0, (byte) 0xAF, '"'};
        assertThat(refusal(overlong)).hasMessageContaining("is not valid UTF-8");
    }

    @Test
    void boundsTheDataInUtf8Bytes() throws Exception {
        assertThat(decode(withData('"' + "é".repeat(32767) + '"')).data()).hasSize(65536);
        assertThat(refusal(withData('"' + "é".repeat(32767) + "x\"")))
                .hasMessage("data must be at most 65536 bytes of JSON, not 65537");
    }

    @Test
    void boundsTheWholeRequest() throws Exception {
        String json = "{" + VALID + "}";
        String full = json + " ".repeat(PushRequestCodec.MAX_REQUEST_BYTES - json.length());
        assertThat(decode(full).id()).isEqualTo("a");
        assertThat(refusal(full + " "))
                .hasMessage("the request is too big: at most 131072 bytes are allowed, not 131073");
    }

    @Test
    void boundsTheNesting() throws Exception {
        String deepest = "[".repeat(99) + "]".repeat(99);
        PushRequest request = decode(withData(deepest));
        assertThat(request.data()).hasSize(198);
        ServerFrame push = new ServerFrame.Push(Position.NONE, "a", 1, deepest, true, null);
        byte[] frame = ServerFrameCodec.encode(push);
        assertThat(ServerFrameCodec.decode(new String(frame, StandardCharsets.UTF_8)))
                .isEqualTo(push);
        assertThat(refusal(withData("[" + deepest + "]")))
                .hasMessageContaining("goes beyond 100 levels of nesting");
    }

    @Test
    void boundsTheDevicesWithoutDoubles() throws Exception {
        String thousand =
                IntStream.range(0, 2000)
                        .mapToObj(i -> "\"d" + i % 1000 + '"')
                        .collect(Collectors.joining(","));
        Target target = decode(withDevices(thousand)).to();
        assertThat(((Target.Devices) target).devices()).hasSize(1000).startsWith("d0", "d1");
        assertThat(refusal(withDevices(thousand + ",\"e\",\"f\"")))
                .hasMessage("to.devices must be a list of 1 to 1000 names, not a longer one");
    }

    @Test
    void boundsTheNames() throws Exception {
        assertThat(decode("{" + VALID.replace("\"a\"", "\"" + "a".repeat(128) + '"') + "}").id())
                .hasSize(128);
        assertThat(refusal("{" + VALID.replace("\"a\"", "\"" + "a".repeat(129) + '"') + "}"))
                .hasMessage(
                        "id must be 1 to 128 of A-Z a-z 0-9 . _ : -, not \""
                                + "a".repeat(40)
                                + "...\"");
    }

    @Test
    void fillsInTheDefaults() throws Exception {
        assertThat(decode("{" + VALID + "}"))
                .isEqualTo(
                        new PushRequest(
                                "a",
                                "shop",
                                new Target.Device("d", Set.of()),
                                new byte[] {'{', '}'},
                                Duration.ofDays(7),
                                Priority.NORMAL,
                                null,
                                false,
                                false));
    }

    @Test
    void cutsTheDataOutVerbatimWhereverItStands() throws Exception {
        Random random = Seeds.random();
        Samples samples = new Samples(random);
        for (int i = 0; i < 5_000; i++) {
            String data = samples.json();
            String field = "\"data\"" + samples.space() + ":" + samples.space() + data;
            String rest = VALID.replace(",\"data\":{}", "");
            String space = samples.space();
            String json =
                    random.nextBoolean()
                            ? "{" + space + field + samples.space() + "," + rest + "}"
                            : "{" + space + rest + "," + samples.space() + field + "}";
            assertThat(new String(decode(json).data(), StandardCharsets.UTF_8)).isEqualTo(data);
        }
    }

    private static String withData(String data) {
        return "{" + VALID.replace("{}", data) + "}";
    }

    private static String withDevices(String list) {
        return "{" + VALID.replace("\"device\":\"d\"", "\"devices\":[" + list + "]") + "}";
    }

    private static PushRequest decode(String json) throws InvalidRequestException {
        return PushRequestCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static InvalidRequestException refusal(String json) {
        return refusal(json.getBytes(StandardCharsets.UTF_8));
    }

    private static InvalidRequestException refusal(byte[] json) {
        return catchThrowableOfType(
                InvalidRequestException.class, () -> PushRequestCodec.decode(json));
    }
}
