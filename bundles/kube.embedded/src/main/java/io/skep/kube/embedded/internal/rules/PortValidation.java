package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a container's ports must look like, and that no two take the same one of the host.
 *
 * <p>Source: Kubernetes {@code validateContainerPorts} and {@code checkHostPortConflicts}.
 */
final class PortValidation {

    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private PortValidation() {}

    static void check(List<Doc> ports, String path, Causes causes) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            Doc port = ports.get(i);
            String at = path + "[" + i + "]";
            String name = port.text("name");
            if (!name.isEmpty()) {
                Names.portName(causes, at + ".name", name);
                if (!names.add(name)) {
                    causes.duplicate(at + ".name", name);
                }
            }
            if (port.number(0, "containerPort") == 0) {
                causes.required(at + ".containerPort");
            } else {
                number(port.number(0, "containerPort"), at + ".containerPort", causes);
            }
            if (port.number(0, "hostPort") != 0) {
                number(port.number(0, "hostPort"), at + ".hostPort", causes);
            }
            if (!PROTOCOLS.contains(port.text("protocol"))) {
                causes.unsupported(at + ".protocol", port.text("protocol"), PROTOCOLS);
            }
        }
    }

    static void number(long port, String path, Causes causes) {
        if (port < 1 || port > 65535) {
            causes.invalid(path, port, "must be between 1 and 65535, inclusive");
        }
    }

    /** A port a probe goes to, by number or name. */
    static void target(Doc handler, String path, Causes causes) {
        if (handler.at("port").filter(String.class::isInstance).isPresent()) {
            Names.portName(causes, path + ".port", handler.text("port"));
        } else {
            number(handler.number(0, "port"), path + ".port", causes);
        }
    }

    /** Containers that run side by side; init containers come one after the other. */
    static void conflicts(List<Doc> containers, String path, Causes causes) {
        Set<String> taken = new HashSet<>();
        for (int c = 0; c < containers.size(); c++) {
            List<Doc> ports = containers.get(c).objects("ports");
            for (int i = 0; i < ports.size(); i++) {
                Doc port = ports.get(i);
                String place = port.text("protocol") + "/" + port.text("hostIP") + "/" + port.number(0, "hostPort");
                if (port.number(0, "hostPort") != 0 && !taken.add(place)) {
                    causes.duplicate(path + "[" + c + "].ports[" + i + "].hostPort", place);
                }
            }
        }
    }
}
