package io.skep.edged.internal.manifest;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The pod a file asks for, and the mirror that shows it to the cloud.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/config/common.go}, {@code applyDefaults}; {@code pkg/kubelet/pod/mirror_client.go}.
 */
public final class StaticPod {

    private static final String SOURCE = "kubernetes.io/config.source";
    private static final String HASH = "kubernetes.io/config.hash";
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private StaticPod() {}

    /**
     * The pod with what kubelet adds; its uid tells content, file and node.
     *
     * @throws EdgeException {@code INVALID} when the document is no pod
     */
    static Pod of(Doc doc, String file, String node) {
        if (!doc.text("kind").equals("Pod") || !doc.text("apiVersion").equals("v1")) {
            throw new EdgeException(Reason.INVALID, "it is no Pod of apiVersion v1");
        }
        if (doc.text("metadata", "name").isEmpty()) {
            throw new EdgeException(Reason.INVALID, "metadata.name is missing");
        }
        String uid = hash("host:" + node + "file:" + file + Json.write(sorted(doc.asMap())));
        Map<String, Object> annotations = new LinkedHashMap<>(doc.textMap("metadata", "annotations"));
        annotations.remove(MIRROR);
        annotations.put(SOURCE, "file");
        annotations.put(HASH, uid);
        List<Object> tolerations = new ArrayList<>(doc.items("spec", "tolerations"));
        tolerations.add(Map.of("operator", "Exists", "effect", "NoExecute"));
        String namespace = doc.text("metadata", "namespace");
        return Pod.of(doc.with(doc.text("metadata", "name") + "-" + node.toLowerCase(Locale.ROOT), "metadata", "name")
                .with(namespace.isEmpty() ? "default" : namespace, "metadata", "namespace")
                .with(uid, "metadata", "uid")
                .with(annotations, "metadata", "annotations")
                .with(node, "spec", "nodeName")
                .with(tolerations, "spec", "tolerations")
                .without("metadata", "deletionTimestamp")
                .without("metadata", "deletionGracePeriodSeconds")
                .without("metadata", "resourceVersion")
                .without("status"));
    }

    /** Whether a pod of the cloud is only the picture of a static one, never to be run. */
    public static boolean isMirror(Pod pod) {
        return pod.object().annotations().containsKey(MIRROR);
    }

    /** Which static pod, by uid, a mirror is the picture of. */
    static String mirrored(Pod mirror) {
        return mirror.object().annotations().getOrDefault(MIRROR, "");
    }

    /** The mirror of a static pod, owned by its node so that it goes with it. */
    static Doc mirror(Pod pod, String node, String nodeUid) {
        Map<String, Object> annotations = new LinkedHashMap<>(pod.object().annotations());
        annotations.put(MIRROR, pod.uid());
        Map<String, Object> owner =
                Map.of("apiVersion", "v1", "kind", "Node", "name", node, "uid", nodeUid, "controller", true);
        return pod.object()
                .doc()
                .with(annotations, "metadata", "annotations")
                .with(List.of(owner), "metadata", "ownerReferences")
                .without("metadata", "uid");
    }

    private static String hash(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put(String.valueOf(key), sorted(item)));
            return sorted;
        }
        return value instanceof List<?> list
                ? list.stream().map(StaticPod::sorted).toList()
                : value;
    }
}
