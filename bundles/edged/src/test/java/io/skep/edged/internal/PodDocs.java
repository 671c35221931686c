package io.skep.edged.internal;

import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import java.util.Map;

/** Pods, ConfigMaps and Secrets for tests. */
final class PodDocs {

    private PodDocs() {}

    /** A pod {@code default/web}, uid {@code uid-1}, with one container {@code web}. */
    static Doc web() {
        return pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"app:1\"}");
    }

    static Doc pod(String name, String uid, String container) {
        return Json.object("""
                {"apiVersion":"v1","kind":"Pod",
                 "metadata":{"name":"%s","namespace":"default","uid":"%s","resourceVersion":"5","labels":{"app":"x"}},
                 "spec":{"nodeName":"edge-1","restartPolicy":"Always","terminationGracePeriodSeconds":5,
                         "containers":[%s]}}
                """.formatted(name, uid, container));
    }

    static Doc deleting(Doc pod, int grace) {
        return pod.with("2026-01-01T00:00:30Z", "metadata", "deletionTimestamp")
                .with(grace, "metadata", "deletionGracePeriodSeconds");
    }

    static Doc configMap(String name, Map<String, String> data) {
        return Doc.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", name, "namespace", "default", "uid", "cm-" + name),
                "data",
                data));
    }
}
