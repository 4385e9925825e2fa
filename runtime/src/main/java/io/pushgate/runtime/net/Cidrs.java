package io.pushgate.runtime.net;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** A set of networks, each written {@code 10.0.0.0/8} or as one address. Any thread. */
public final class Cidrs {
    private final List<IpSubnetFilterRule> rules;

    private Cidrs(List<IpSubnetFilterRule> rules) {
        this.rules = rules;
    }

    /**
     * Looks no names up.
     *
     * @throws IllegalArgumentException at the first that is none
     */
    public static Cidrs parse(List<String> texts) {
        return new Cidrs(texts.stream().map(Cidrs::rule).toList());
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** An IPv4 address that is written as an IPv6 one counts as IPv4. */
    public boolean contains(InetAddress address) {
        InetSocketAddress plain = new InetSocketAddress(plain(address), 0);
        return rules.stream().anyMatch(rule -> rule.matches(plain));
    }

    private static IpSubnetFilterRule rule(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        if (address != null) {
            int bits = address.getAddress().length * Byte.SIZE;
            int prefix = slash < 0 ? bits : number(text.substring(slash + 1));
            if (prefix >= 0 && prefix <= bits) {
                return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
            }
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is no network such as 10.0.0.0/8 or 2001:db8::/32");
    }

    private static int number(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    private static InetAddress plain(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("cannot happen: the length was right", e);
        }
    }
}
