package io.skep.edgecontroller.internal.dynamic;

import static io.skep.kube.api.InMemoryResourceStore.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.KubeObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiServerEndpointsTest {

    private static KubeObject slice(String namespace, String name) {
        return KubeObject.of(tree(
                "kind",
                "EndpointSlice",
                "metadata",
                tree("namespace", namespace, "name", name),
                "endpoints",
                List.of(
                        tree("addresses", List.of("192.0.2.1", "192.0.2.2"), "conditions", tree("ready", true)),
                        tree("addresses", List.of("192.0.2.3"))),
                "ports",
                List.of(tree("name", "https", "port", 6443), tree("name", "metrics", "port", 9100))));
    }

    @Test
    void apiServerIsTheNodesOwnMetaServer() {
        KubeObject seen = ApiServerEndpoints.onNode(slice("default", "kubernetes"));

        assertThat(seen.doc().asMap())
                .containsEntry(
                        "endpoints",
                        List.of(tree("addresses", List.of("127.0.0.1"), "conditions", tree("ready", true))))
                .containsEntry(
                        "ports", List.of(tree("name", "https", "port", 10550), tree("name", "metrics", "port", 9100)));
    }

    @Test
    void otherSlicesAreLeftAsTheyAre() {
        assertThat(ApiServerEndpoints.onNode(slice("default", "web"))).isEqualTo(slice("default", "web"));
        assertThat(ApiServerEndpoints.onNode(slice("other", "kubernetes"))).isEqualTo(slice("other", "kubernetes"));
    }
}
