package io.pushgate.runtime.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

class ForwardedForTest {
    private static final Cidrs PROXIES = Cidrs.parse(List.of("10.0.0.0/8", "2001:db8::/32"));

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // peer    | header                                | client
                "10.0.0.1  | 203.0.113.9                           | 203.0.113.9",
                "10.0.0.1  | 203.0.113.9, 10.1.1.1                 | 203.0.113.9",
                "10.0.0.1  | 1.1.1.1, 203.0.113.9                  | 203.0.113.9",
                "10.0.0.1  | spoofed, 203.0.113.9, 10.1.1.1        | 203.0.113.9",
                "10.0.0.1  | 10.2.2.2, 10.1.1.1                    | 10.2.2.2",
                "10.0.0.1  | 203.0.113.9:4711                      | 203.0.113.9",
                "10.0.0.1  | [2001:dead::1]:4711                   | 2001:dead::1",
                "2001:db8::5 | 203.0.113.9                         | 203.0.113.9"
            })
    void isReadFromTheRightWhileItMayBeBelieved(String peer, String header, String client) {
        assertThat(ForwardedFor.resolve(address(peer), List.of(header), PROXIES))
                .isEqualTo(new ForwardedFor(address(client), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "unknown", "example.org", "203.0.113.9,", "999.1.1.1", "1", "_x"})
    void whatIsNoAddressLeavesThePeerAndIsCounted(String header) {
        InetAddress peer = address("10.0.0.1");
        assertThat(ForwardedFor.resolve(peer, List.of(header), PROXIES))
                .isEqualTo(new ForwardedFor(peer, true));
    }

    @Test
    void nobodyElseIsBelieved() {
        InetAddress peer = address("192.0.2.1");
        assertThat(ForwardedFor.resolve(peer, List.of("10.0.0.1"), PROXIES))
                .isEqualTo(new ForwardedFor(peer, true));
        assertThat(ForwardedFor.resolve(peer, List.of(), PROXIES))
                .isEqualTo(new ForwardedFor(peer, false));
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(
                        ForwardedFor.resolve(
                                address("10.0.0.1"),
                                List.of("203.0.113.1", "203.0.113.2, 10.0.0.2"),
                                PROXIES))
                .isEqualTo(new ForwardedFor(address("203.0.113.2"), false));
    }

    @Test
    void anIpv4AddressInIpv6IsTheIpv4One() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        InetAddress written = Inet6Address.getByAddress(null, mapped, 1);
        assertThat(PROXIES.contains(written)).isTrue();
    }

    @Test
    void oneAddressIsANetwork() {
        Cidrs one = Cidrs.parse(List.of("192.0.2.1"));
        assertThat(one.contains(address("192.0.2.1"))).isTrue();
        assertThat(one.contains(address("192.0.2.2"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0/8",
                "localhost",
                "::/129"
            })
    void whatIsNoNetworkIsRefused(String text) {
        assertThatThrownBy(() -> new ProxyConfig(List.of(), List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no network such as");
    }
}
