package io.skep.runtime.cri.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;

/** The node's own addresses, which pods in the node's network have. */
final class NodeAddresses {

    private NodeAddresses() {}

    /** The first address others can reach us by, or loopback when there is no network. */
    static List<String> primary() {
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback() && !each.isVirtual()) {
                    for (InetAddress address : Collections.list(each.getInetAddresses())) {
                        if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
                            return List.of(address.getHostAddress());
                        }
                    }
                }
            }
        } catch (SocketException e) {
            return List.of("127.0.0.1");
        }
        return List.of("127.0.0.1");
    }
}
