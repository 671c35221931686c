package io.skep.kube.embedded.internal;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.Times;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What is created through an object: a pod's binding and eviction, a service account's token. */
final class Subresources {

    private final Registry registry;
    private final ServiceAccountTokens tokens;
    private final InstantSource clock;

    Subresources(ResourceStore store, Registry registry, InstantSource clock) {
        this.registry = registry;
        this.tokens = new ServiceAccountTokens(store, clock);
        this.clock = clock;
    }

    KubeObject create(ObjectKey key, String subresource, KubeObject body, boolean dryRun) {
        String path = key.kind().plural() + "/" + subresource;
        return switch (path) {
            case "pods/binding" -> bind(key, body, dryRun);
            case "pods/eviction" -> evict(key, body, dryRun);
            case "serviceaccounts/token" -> tokens.create(key, body);
            default ->
                throw new KubeException(
                        Status.of(Status.NOT_FOUND, 404, "the server could not find the requested resource"));
        };
    }

    private static void checkNamed(ObjectKey key, KubeObject body, String kind) {
        if (!body.name().isEmpty() && !body.name().equals(key.name())) {
            throw new KubeException(
                    Status.of(Status.BAD_REQUEST, 400, "name in URL does not match name in " + kind + " object"));
        }
    }

    private KubeObject bind(ObjectKey key, KubeObject binding, boolean dryRun) {
        checkNamed(key, binding, "Binding");
        String node = binding.doc().text("target", "name");
        if (node.isEmpty()) {
            throw new KubeException(Status.invalid(
                    Kinds.POD,
                    key.name(),
                    List.of(new Status.Cause("FieldValueRequired", "target.name", "Required value"))));
        }
        registry.edit(key, dryRun, pod -> {
            String uid = binding.uid();
            if (!uid.isEmpty() && !uid.equals(pod.uid())) {
                throw new KubeException(Status.conflict(
                        key.kind(),
                        key.name(),
                        "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + pod.uid()));
            }
            if (pod.deletionTimestamp().isPresent()) {
                throw new KubeException(Status.conflict(
                        key.kind(),
                        key.name(),
                        "pod " + key.name() + " is being deleted, cannot be assigned to a host"));
            }
            if (!pod.spec().items("schedulingGates").isEmpty()) {
                throw new KubeException(Status.conflict(
                        key.kind(), key.name(), "pod " + key.name() + " has non-empty .spec.schedulingGates"));
            }
            String old = pod.spec().text("nodeName");
            if (!old.isEmpty()) {
                throw new KubeException(Status.conflict(
                        key.kind(), key.name(), "pod " + key.name() + " is already assigned to node \"" + old + "\""));
            }
            return pod.with(node, "spec", "nodeName").with(scheduled(pod), "status", "conditions");
        });
        return success();
    }

    private List<Object> scheduled(KubeObject pod) {
        List<Object> conditions = new ArrayList<>();
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", "PodScheduled");
        condition.put("status", "True");
        condition.put("lastProbeTime", null);
        condition.put("lastTransitionTime", Times.format(clock.instant()));
        for (Doc old : pod.status().objects("conditions")) {
            if (!"PodScheduled".equals(old.text("type"))) {
                conditions.add(old);
            }
        }
        conditions.add(condition);
        return conditions;
    }

    private KubeObject evict(ObjectKey key, KubeObject eviction, boolean dryRun) {
        checkNamed(key, eviction, "Eviction");
        Doc options = eviction.doc().object("deleteOptions");
        Doc preconditions = options.object("preconditions");
        registry.delete(
                key,
                new DeleteOptions(
                        options.has("gracePeriodSeconds")
                                ? OptionalLong.of(options.number(0, "gracePeriodSeconds"))
                                : OptionalLong.empty(),
                        preconditions.text("uid"),
                        preconditions.text("resourceVersion"),
                        DeleteOptions.Propagation.BACKGROUND,
                        dryRun));
        return success();
    }

    private static KubeObject success() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", "Status");
        tree.put("apiVersion", "v1");
        tree.put("metadata", Map.of());
        tree.put("status", "Success");
        tree.put("code", 201);
        return KubeObject.of(tree);
    }
}
