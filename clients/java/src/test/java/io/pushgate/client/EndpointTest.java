package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.Objects;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "ws://gw,              ws://gw/v1/ws?version=v&last=m-1,            gw,  80",
        "wss://gw/,            wss://gw/v1/ws?version=v&last=m-1,           gw,  443",
        "ws://[::1]:81/a/b,    ws://[::1]:81/a/b?version=v&last=m-1,        ::1, 81",
        "ws://gw:8080?x=%20,   ws://gw:8080/v1/ws?x=%20&version=v&last=m-1, gw,  8080",
    })
    void buildsTheHandshakeAddress(String url, String handshake, String host, int port) {
        Endpoint endpoint = Endpoint.of(URI.create(url));
        assertThat(endpoint.handshakeUri("m-1", "v")).hasToString(handshake);
        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.port()).isEqualTo(port);
    }

    @Test
    void namesNoLastMessageWhereThereIsNone() {
        assertThat(Endpoint.of(URI.create("ws://gw")).handshakeUri(null, "v"))
                .hasToString("ws://gw/v1/ws?version=v");
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
        "ws://gw/p?a=b, //a2:81,          ws://a2:81/p?a=b&version=v",
        "ws://gw,       //a2:81,          ws://a2:81/v1/ws?version=v",
        "wss://gw/p,    wss://a2/other,   wss://a2/other?version=v",
        "wss://gw/p,    //[::1]:81,       wss://[::1]:81/p?version=v"
    })
    void followsTheGatewaysWord(String url, String named, String handshake) {
        Endpoint next = Objects.requireNonNull(Endpoint.of(URI.create(url)).named(named));
        assertThat(next.handshakeUri(null, "v")).hasToString(handshake);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://a2", "http://a2", "//u:p@a2", "//", "///x", "a b", "mailto:x"})
    void isNotLedAstray(String named) {
        assertThat(Endpoint.of(URI.create("wss://gw/p")).named(named)).isNull();
    }
}
