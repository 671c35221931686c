package io.skep.edgecontroller.internal.dynamic;

import io.skep.edgecontroller.internal.NodeAccess;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Selector.Operator;
import java.util.Set;

/**
 * What a node's MetaServer may do. Two gates: the kinds the operator lists, and, unless authorization is off, what
 * concerns the node itself: its own pods, ConfigMaps and Secrets that its pods use, its own Node and lease. Worker threads;
 * blocks on the store.
 *
 * <p>Source: Kubernetes' node authorizer ({@code plugin/pkg/auth/authorizer/node}), KEP-4601 for pods; KubeEdge leaves it to
 * RBAC and allows everything without.
 */
final class Grants {

    private static final String ALL = "*";
    private static final String NAME = "metadata.name";
    private static final String NODE_NAME = "spec.nodeName";
    private static final String LEASES_OF_NODES = "kube-node-lease";

    private final ResourceStore store;
    private final DynamicSettings settings;
    private final NodeAccess access;

    Grants(ResourceStore store, DynamicSettings settings) {
        this.store = store;
        this.settings = settings;
        this.access = new NodeAccess(store, settings.ownOnly());
    }

    /** Whether {@code node} may read this object. */
    void mayGet(String node, ObjectKey key) {
        mayRead(node, Verb.GET.wire(), key.kind());
        if (isConfig(key.kind())) {
            mustBeNeeded(node, key);
        }
    }

    /** Whether {@code node} may read this object, which is known by now. */
    void maySee(String node, ResourceKind kind, KubeObject object) {
        if (settings.ownOnly() && is(kind, Kinds.POD) && !isOn(node, object)) {
            throw Refusals.forbidden(node, Verb.GET.wire(), kind, "it is no pod of this node");
        }
    }

    /**
     * What of a list or watch {@code node} may see. Pods are narrowed to its own; ConfigMaps and Secrets must be named, as
     * among the others are the keys of the whole cluster.
     */
    ListOptions mayList(String node, Verb verb, ResourceKind kind, String namespace, ListOptions asked) {
        mayRead(node, verb.wire(), kind);
        if (!settings.ownOnly()) {
            return asked;
        }
        if (is(kind, Kinds.POD)) {
            return asked.withFields(Options.and(asked.fields(), Selector.equalTo(NODE_NAME, node)));
        }
        if (isConfig(kind)) {
            String name = asked.fields().requirements().stream()
                    .filter(r -> r.key().equals(NAME)
                            && r.operator() == Operator.IN
                            && r.values().size() == 1)
                    .map(r -> r.values().iterator().next())
                    .findFirst()
                    .filter(n -> !namespace.isEmpty())
                    .orElseThrow(() -> Refusals.forbidden(
                            node, verb.wire(), kind, "only those its pods use, one at a time by namespace and name"));
            mustBeNeeded(node, new ObjectKey(kind, namespace, name));
        }
        return asked;
    }

    private void mayRead(String node, String verb, ResourceKind kind) {
        // Kubernetes' node authorizer lets every node read them: no pod of a class could run otherwise.
        if (!is(kind, Kinds.RUNTIME_CLASS) && !lists(settings.reads(), kind.qualifiedPlural())) {
            throw Refusals.forbidden(node, verb, kind, "dynamic.read does not list it");
        }
    }

    /** Whether {@code node} may make an object of this kind, here or as a subresource of {@code key}. */
    void mayCreate(String node, ObjectKey key, String subresource, KubeObject object) {
        mayWrite(node, Verb.CREATE, key.kind(), subresource);
        if (is(key.kind(), Kinds.SERVICE_ACCOUNT) && subresource.equals("token")) {
            access.mustRunAs(node, key, object.spec().text("boundObjectRef", "name"));
        } else if (subresource.isEmpty()) {
            mustBeOwn(node, Verb.CREATE, key);
        } else {
            mayChange(node, Verb.CREATE, key);
        }
    }

    /** Whether {@code node} may change this object; who changes one also gets to see it. */
    void mayChange(String node, Verb verb, ObjectKey key, String subresource) {
        mayWrite(node, verb, key.kind(), subresource);
        mayChange(node, verb, key);
    }

    private void mayChange(String node, Verb verb, ObjectKey key) {
        if (!settings.ownOnly()) {
            return;
        }
        mustBeOwn(node, verb, key);
        if (isConfig(key.kind())) {
            mustBeNeeded(node, key);
        } else if (is(key.kind(), Kinds.POD) && !isOn(node, store.get(key))) {
            throw Refusals.forbidden(node, verb.wire(), key.kind(), "it is no pod of this node");
        }
    }

    private void mayWrite(String node, Verb verb, ResourceKind kind, String subresource) {
        String what = kind.qualifiedPlural() + (subresource.isEmpty() ? "" : "/" + subresource);
        if (!lists(settings.writes(), what)) {
            throw Refusals.forbidden(node, verb.wire(), kind, "dynamic.write does not list " + what);
        }
    }

    /** No node speaks for another. */
    private void mustBeOwn(String node, Verb verb, ObjectKey key) {
        boolean ofANode = is(key.kind(), Kinds.NODE)
                || is(key.kind(), Kinds.LEASE) && key.namespace().equals(LEASES_OF_NODES);
        if (settings.ownOnly() && ofANode && !key.name().equals(node)) {
            throw Refusals.forbidden(node, verb.wire(), key.kind(), "it belongs to another node");
        }
    }

    private static boolean lists(Set<String> names, String name) {
        return names.contains(ALL) || names.contains(name);
    }

    private void mustBeNeeded(String node, ObjectKey key) {
        ResourceKind kind = is(key.kind(), Kinds.SECRET) ? Kinds.SECRET : Kinds.CONFIG_MAP;
        access.mustBeNeeded(node, new ObjectKey(kind, key.namespace(), key.name()));
    }

    /** A store may describe a kind in words of its own, so only its name counts. */
    private static boolean is(ResourceKind kind, ResourceKind known) {
        return kind.qualifiedPlural().equals(known.qualifiedPlural());
    }

    private static boolean isConfig(ResourceKind kind) {
        return is(kind, Kinds.CONFIG_MAP) || is(kind, Kinds.SECRET);
    }

    private static boolean isOn(String node, KubeObject pod) {
        return pod.spec().text("nodeName").equals(node);
    }
}
