package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.storage.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Stock kubectl's writes, in the order it made them against a real Kubernetes 1.31 server, are answered as that server
 * answered them, but for what differs by nature: uids, versions and times, and the volume with the API server's
 * certificate, which is not injected here.
 */
class KubectlTraceTest {

    private static final String TOKEN_VOLUME = "kube-api-access-";

    private final TestStores stores = new TestStores();
    private final ResourceStore store = stores.open();

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    void everyWriteIsAnsweredAsByTheRealServer() throws IOException {
        List<Doc> exchanges = exchanges();

        assertThat(exchanges).hasSizeGreaterThan(15);
        for (Doc exchange : exchanges) {
            assertThat(scrubbed(answer(exchange)))
                    .as(exchange.text("cmd"))
                    .isEqualTo(scrubbed(exchange.object("resp")));
        }
    }

    private static List<Doc> exchanges() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                KubectlTraceTest.class.getResourceAsStream("kubectl-writes.jsonl"), StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> Doc.of(Json.readObject(line))).toList();
        }
    }

    private Doc answer(Doc exchange) {
        try {
            return written(exchange).doc();
        } catch (KubeException e) {
            return e.status().toObject().doc();
        }
    }

    private KubeObject written(Doc exchange) {
        String[] path = exchange.text("path").substring("/api/v1/".length()).split("/");
        boolean namespaced = path[0].equals("namespaces") && path.length > 2;
        String namespace = namespaced ? path[1] : "";
        String plural = namespaced ? path[2] : path[0];
        ResourceKind kind = store.kinds().stream()
                .filter(k -> k.plural().equals(plural))
                .findFirst()
                .orElseThrow();
        if (exchange.text("method").equals("POST")) {
            return store.create(kind, namespace, new KubeObject(exchange.object("body")), WriteOptions.NONE);
        }
        String name = path[path.length - 1];
        ObjectKey key = new ObjectKey(kind, namespace, name);
        if (plural.equals("nodes")) {
            ensureNode(key, exchange.object("resp"));
        }
        PatchType type = PatchType.ofMediaType(exchange.text("contentType")).orElseThrow();
        return store.patch(
                key, "", new Patch(type, Json.write(exchange.at("body").orElseThrow())), WriteOptions.NONE);
    }

    private void ensureNode(ObjectKey key, Doc like) {
        try {
            store.get(key);
        } catch (KubeException e) {
            KubeObject node = new KubeObject(like.without("spec").without("metadata", "resourceVersion"));
            store.create(key.kind(), "", node, WriteOptions.NONE);
        }
    }

    private static Doc scrubbed(Doc doc) {
        Doc clean = doc;
        for (String field : List.of("uid", "resourceVersion", "creationTimestamp")) {
            clean = clean.without("metadata", field);
        }
        // A controller of the real cluster had put this one on meanwhile.
        List<Doc> taints = clean.object("spec").objects("taints").stream()
                .filter(t -> !t.text("key").equals("node.kubernetes.io/unschedulable"))
                .toList();
        clean = taints.isEmpty() ? clean.without("spec", "taints") : clean.with(taints, "spec", "taints");
        if (clean.object("spec").isEmpty()) {
            clean = clean.without("spec");
        }
        if (!clean.text("kind").equals("Pod")) {
            return clean.text("kind").equals("Node") ? clean.without("status") : clean;
        }
        List<Doc> volumes = without(clean.object("spec").objects("volumes"));
        clean = volumes.isEmpty() ? clean.without("spec", "volumes") : clean.with(volumes, "spec", "volumes");
        Stream<Doc> containers = clean.object("spec").objects("containers").stream()
                .map(c -> {
                    List<Doc> mounts = without(c.objects("volumeMounts"));
                    return mounts.isEmpty() ? c.without("volumeMounts") : c.with(mounts, "volumeMounts");
                });
        return clean.with(containers.toList(), "spec", "containers");
    }

    private static List<Doc> without(List<Doc> volumes) {
        return volumes.stream()
                .filter(v -> !v.text("name").startsWith(TOKEN_VOLUME))
                .toList();
    }
}
