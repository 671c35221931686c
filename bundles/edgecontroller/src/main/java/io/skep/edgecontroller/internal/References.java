package io.skep.edgecontroller.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The ConfigMaps and Secrets a pod names.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/edgecontroller/manager/location.go}; init containers, which are forgotten
 * there, count here.
 */
final class References {

    private final String namespace;
    private final Set<ObjectKey> found = new LinkedHashSet<>();

    private References(String namespace) {
        this.namespace = namespace;
    }

    static Set<ObjectKey> of(KubeObject pod) {
        References references = new References(pod.namespace());
        Doc spec = pod.spec();
        spec.objects("volumes").forEach(references::volume);
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            spec.objects(list).forEach(references::container);
        }
        spec.objects("imagePullSecrets").forEach(s -> references.add(Kinds.SECRET, s.text("name")));
        return Set.copyOf(references.found);
    }

    private void volume(Doc volume) {
        add(Kinds.CONFIG_MAP, volume.text("configMap", "name"));
        add(Kinds.SECRET, volume.text("secret", "secretName"));
        for (Doc source : volume.objects("projected", "sources")) {
            add(Kinds.CONFIG_MAP, source.text("configMap", "name"));
            add(Kinds.SECRET, source.text("secret", "name"));
        }
    }

    private void container(Doc container) {
        for (Doc source : container.objects("envFrom")) {
            add(Kinds.CONFIG_MAP, source.text("configMapRef", "name"));
            add(Kinds.SECRET, source.text("secretRef", "name"));
        }
        for (Doc variable : container.objects("env")) {
            add(Kinds.CONFIG_MAP, variable.text("valueFrom", "configMapKeyRef", "name"));
            add(Kinds.SECRET, variable.text("valueFrom", "secretKeyRef", "name"));
        }
    }

    private void add(ResourceKind kind, String name) {
        if (!name.isEmpty()) {
            found.add(new ObjectKey(kind, namespace, name));
        }
    }
}
