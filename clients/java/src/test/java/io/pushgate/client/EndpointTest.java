package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.protocol.Position;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "ws://gw,              ws://gw/v1/ws?version=v&cursors=&last=m-1,            gw,  80",
        "wss://gw/,            wss://gw/v1/ws?version=v&cursors=&last=m-1,           gw,  443",
        "ws://[::1]:81/a/b,    ws://[::1]:81/a/b?version=v&cursors=&last=m-1,        ::1, 81",
        "ws://gw:8080?x=%20,   ws://gw:8080/v1/ws?x=%20&version=v&cursors=&last=m-1, gw,  8080",
    })
    void buildsTheHandshakeAddress(String url, String handshake, String host, int port) {
        Endpoint endpoint = Endpoint.of(URI.create(url));
        assertThat(endpoint.handshakeUri("m-1", Map.of(), "v")).hasToString(handshake);
        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.port()).isEqualTo(port);
    }

    @Test
    void namesNoLastMessageWhereThereIsNone() {
        assertThat(Endpoint.of(URI.create("ws://gw")).handshakeUri(null, Map.of(), "v"))
                .hasToString("ws://gw/v1/ws?version=v&cursors=");
    }

    @Test
    void tellsWhereItStandsInBroadcastLogs() {
        Map<String, Position> cursors =
                Map.of("g.north+south", new Position(7, 1), "all", new Position(5, 0));
        assertThat(Endpoint.of(URI.create("ws://gw")).handshakeUri(null, cursors, "v"))
                .hasToString("ws://gw/v1/ws?version=v&cursors=all:5-0,g.north%2Bsouth:7-1");
    }

    @Test
    void leavesCursorsOutThatDoNotFit() {
        Map<String, Position> cursors = new HashMap<>();
        for (int i = 100; i < 200; i++) {
            cursors.put("g." + "x".repeat(60) + i, new Position(1_763_712_345_678L, i));
        }
        String uri = Endpoint.of(URI.create("ws://gw")).handshakeUri(null, cursors, "v").toString();
        assertThat(uri).hasSizeBetween(3_900, 4_100).contains("x100:").doesNotEndWith(",");
    }

    @Test
    void printsWithoutTheQuery() {
        assertThat(Endpoint.of(URI.create("ws://gw/v1/ws?token=secret"))).hasToString("ws://gw:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://gw", "gw:80", "ws:/x", "/v1/ws"})
    void refusesOtherAddresses(String url) {
        assertThatThrownBy(() -> Endpoint.of(URI.create(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ws://");
    }

    @ParameterizedTest
    @CsvSource({
        "ws://gw/p?a=b, //a2:81,          ws://a2:81/p?a=b&version=v&cursors=",
        "ws://gw,       //a2:81,          ws://a2:81/v1/ws?version=v&cursors=",
        "wss://gw/p,    wss://a2/other,   wss://a2/other?version=v&cursors=",
        "wss://gw/p,    //[::1]:81,       wss://[::1]:81/p?version=v&cursors="
    })
    void followsTheGatewaysWord(String url, String named, String handshake) {
        Endpoint next = Objects.requireNonNull(Endpoint.of(URI.create(url)).named(named));
        assertThat(next.handshakeUri(null, Map.of(), "v")).hasToString(handshake);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://a2", "http://a2", "//u:p@a2", "//", "///x", "a b", "mailto:x"})
    void isNotLedAstray(String named) {
        assertThat(Endpoint.of(URI.create("wss://gw/p")).named(named)).isNull();
    }
}
