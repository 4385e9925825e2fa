package io.pushgate.runtime.net;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;

import java.util.List;

/** A section {@code proxies} of the configuration: who may say on whose behalf it connects. */
public record ProxyConfig(
        @Default("")
                @Doc(
                        "Networks, such as 10.0.0.0/8, of balancers that begin each connection with"
                                + " a PROXY protocol header, version 2; they must, and nobody else may.")
                List<String> proxyProtocol,
        @Default("") @Doc("Networks of proxies whose X-Forwarded-For is believed.")
                List<String> forwardedFor) {
    /** Nobody. */
    public static final ProxyConfig NONE = new ProxyConfig(List.of(), List.of());

    /**
     * @throws IllegalArgumentException where one is no network
     */
    public ProxyConfig {
        var _ = Cidrs.parse(proxyProtocol);
        var _ = Cidrs.parse(forwardedFor);
        proxyProtocol = List.copyOf(proxyProtocol);
        forwardedFor = List.copyOf(forwardedFor);
    }
}
