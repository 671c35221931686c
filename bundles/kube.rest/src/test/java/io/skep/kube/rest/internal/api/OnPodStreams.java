package io.skep.kube.rest.internal.api;

import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.WriteOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of logs and commands share: an API with a way to nodes that a test plays, and the pod {@code web}. */
abstract class OnPodStreams {

    @TempDir
    Path folder;

    final InMemoryResourceStore store = new InMemoryResourceStore();
    final FakeStreams streams = new FakeStreams();
    TestApi api;

    @BeforeEach
    void startApi() throws Exception {
        api = new TestApi(folder, store);
        api.streams = Optional.of(streams);
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    /** A pod on {@code node} that has stated nothing yet. */
    void pod(String node, List<String> containers) {
        List<Map<String, String>> specs = containers.stream()
                .map(name -> Map.of("name", name, "image", "x"))
                .toList();
        KubeObject pod = KubeObject.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", "web", "namespace", "default"),
                "spec",
                Map.of("nodeName", node, "containers", specs)));
        store.create(Kinds.POD, "default", pod, WriteOptions.NONE);
    }

    /** As above, with what its node says of its containers. */
    void pod(String node, List<String> containers, List<Map<String, Object>> statuses) {
        pod(node, containers);
        ObjectKey key = new ObjectKey(Kinds.POD, "default", "web");
        store.update(
                key, "status", store.get(key).with(Map.of("containerStatuses", statuses), "status"), WriteOptions.NONE);
    }
}
