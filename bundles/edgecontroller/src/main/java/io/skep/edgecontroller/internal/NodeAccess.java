package io.skep.edgecontroller.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import java.util.List;

/**
 * What a node may read: the ConfigMaps and Secrets of its own pods, and nobody else's; among the others are the keys of the
 * whole cluster. Worker threads; blocks on the store.
 *
 * <p>Source: Kubernetes' node authorizer ({@code plugin/pkg/auth/authorizer/node}), which KubeEdge leaves off by default.
 */
public final class NodeAccess {

    private static final String DEFAULT_ACCOUNT = "default";

    private final ResourceStore store;
    private final boolean enabled;

    /** @param enabled whether anything is refused at all */
    public NodeAccess(ResourceStore store, boolean enabled) {
        this.store = store;
        this.enabled = enabled;
    }

    /**
     * Refuses what no pod of the node names.
     *
     * @throws KubeException {@code Forbidden}
     */
    public void mustBeNeeded(String node, ObjectKey key) {
        if (enabled && podsOn(node, key.namespace()).stream().noneMatch(pod -> needs(pod, key))) {
            throw forbidden(node, "no pod of node \"" + node + "\" uses " + key);
        }
    }

    private boolean needs(KubeObject pod, ObjectKey key) {
        return References.of(pod).contains(key) || key.kind().equals(Kinds.SECRET) && pullsWith(pod, key);
    }

    /** Pull secrets may also hang on the pod's service account. */
    private boolean pullsWith(KubeObject pod, ObjectKey secret) {
        ObjectKey account = new ObjectKey(Kinds.SERVICE_ACCOUNT, pod.namespace(), account(pod));
        return Reflector.lookUp(store, account)
                .map(a -> a.doc().objects("imagePullSecrets"))
                .orElse(List.<Doc>of())
                .stream()
                .anyMatch(s -> s.text("name").equals(secret.name()));
    }

    /**
     * Refuses a token for an account that no pod of the node runs as.
     *
     * @param boundPod pod the token is to be bound to, or {@code ""}
     * @throws KubeException {@code Forbidden}
     */
    public void mustRunAs(String node, ObjectKey account, String boundPod) {
        boolean used = podsOn(node, account.namespace()).stream()
                .filter(pod -> boundPod.isEmpty() || pod.name().equals(boundPod))
                .anyMatch(pod -> account(pod).equals(account.name()));
        if (enabled && !used) {
            throw forbidden(
                    node,
                    "no pod of node \"" + node + "\" runs as service account " + account.namespace() + "/"
                            + account.name());
        }
    }

    private static String account(KubeObject pod) {
        String name = pod.spec().text("serviceAccountName");
        return name.isEmpty() ? DEFAULT_ACCOUNT : name;
    }

    private List<KubeObject> podsOn(String node, String namespace) {
        ListOptions onNode = ListOptions.ALL.withFields(Selector.equalTo("spec.nodeName", node));
        return store.list(Kinds.POD, namespace, onNode).items();
    }

    private static KubeException forbidden(String node, String why) {
        return new KubeException(Status.of(Status.FORBIDDEN, 403, "system:node:" + node + ": " + why));
    }
}
