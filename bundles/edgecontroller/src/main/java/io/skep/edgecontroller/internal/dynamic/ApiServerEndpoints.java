package io.skep.edgecontroller.internal.dynamic;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.List;

/**
 * Where programs on a node find the API server: at the node's MetaServer. The EndpointSlice that says so is changed on its
 * way to a node.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/dynamiccontroller/filter/defaultmaster}.
 */
final class ApiServerEndpoints {

    private static final String META_SERVER = "127.0.0.1";
    private static final int META_SERVER_PORT = 10550;

    private ApiServerEndpoints() {}

    /** The object as a node is to see it; any but the API server's EndpointSlice is left as it is. */
    static KubeObject onNode(KubeObject object) {
        List<Doc> endpoints = object.doc().objects("endpoints");
        boolean ofApiServer = object.kind().equals("EndpointSlice")
                && object.namespace().equals("default")
                && object.name().equals("kubernetes");
        if (!ofApiServer
                || endpoints.isEmpty()
                || endpoints.get(0).items("addresses").isEmpty()) {
            return object;
        }
        List<Doc> ports = object.doc().objects("ports").stream()
                .map(port -> port.text("name").equals("https") ? port.with(META_SERVER_PORT, "port") : port)
                .toList();
        return object.with(List.of(endpoints.get(0).with(List.of(META_SERVER), "addresses")), "endpoints")
                .with(ports, "ports");
    }
}
