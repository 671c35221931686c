package io.skep.runtime.api;

import java.util.List;

/** What stands in a pod's {@code resolv.conf}. */
public record DnsConfig(List<String> servers, List<String> searches, List<String> options) {
    public DnsConfig {
        servers = List.copyOf(servers);
        searches = List.copyOf(searches);
        options = List.copyOf(options);
    }
}
