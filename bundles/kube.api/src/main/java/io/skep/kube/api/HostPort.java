package io.skep.kube.api;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A port of the node that a pod takes.
 *
 * <p>Source: Kubernetes {@code pkg/scheduler/framework/types.go}, {@code HostPortInfo}.
 *
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 * @param address the node's address it is taken on, {@code ""} for all of them
 * @param port from 1 to 65535
 */
public record HostPort(String protocol, String address, int port) {

    private static final String ANY = "0.0.0.0";
    private static final String TCP = "TCP";

    /** Those of a pod's containers, of sidecars too. */
    public static List<HostPort> of(Doc podSpec) {
        Stream<Doc> sidecars = podSpec.objects("initContainers").stream()
                .filter(container -> container.text("restartPolicy").equals("Always"));
        List<HostPort> ports = new ArrayList<>();
        Stream.concat(podSpec.objects("containers").stream(), sidecars)
                .flatMap(container -> container.objects("ports").stream())
                .filter(port -> port.number(0, "hostPort") > 0)
                .forEach(port -> ports.add(new HostPort(
                        port.has("protocol") ? port.text("protocol") : TCP,
                        port.text("hostIP").equals(ANY) ? "" : port.text("hostIP"),
                        (int) port.number(0, "hostPort"))));
        return ports;
    }

    /** Whether only one of the two can be had: the same port of an address they share. */
    public boolean conflicts(HostPort other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (address.isEmpty() || other.address.isEmpty() || address.equals(other.address));
    }
}
