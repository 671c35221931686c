package io.skep.edged.internal.manifest;

import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Meta;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The static pods' pictures in the cloud. Whoever deletes one only has it made anew. Belongs to the module's thread.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/pod/mirror_client.go}; KubeEdge v1.22 {@code edge/pkg/metamanager/client/pod.go}.
 */
public final class Mirrors {

    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

    private final Meta meta;
    private final String node;
    private final Supplier<String> nodeUid;
    private final Map<String, Pod> known = new HashMap<>();
    private final Map<String, String> dropped = new HashMap<>();
    private final Set<String> busy = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private Consumer<String> changed = key -> {};

    /** @param nodeUid the node's own uid, {@code ""} while it is not registered: nothing is made before */
    public Mirrors(Meta meta, String node, Supplier<String> nodeUid) {
        this.meta = meta;
        this.node = node;
        this.nodeUid = nodeUid;
    }

    /** Who hears that the mirror of a {@code namespace/name} came or went. */
    public void onChange(Consumer<String> hearer) {
        changed = hearer;
    }

    /** The uid under which the cloud knows a static pod, {@code ""} while it does not. */
    public String uid(Pod pod) {
        return Optional.ofNullable(known.get(pod.key()))
                .filter(mirror -> StaticPod.mirrored(mirror).equals(pod.uid()))
                .map(Pod::uid)
                .orElse("");
    }

    /** The cloud has a mirror. */
    public void seen(Pod mirror) {
        Pod before = known.get(mirror.key());
        if (mirror.uid().equals(dropped.get(mirror.key())) || before != null && mirror.olderThan(before)) {
            return;
        }
        known.put(mirror.key(), mirror);
        changed.accept(mirror.key());
    }

    /** The cloud has a pod no more; {@code uid} is {@code ""} when it does not say which of that name. */
    public void gone(String key, String uid) {
        Pod mirror = known.get(key);
        if (mirror != null && (uid.isEmpty() || mirror.uid().equals(uid))) {
            known.remove(key);
            changed.accept(key);
        }
    }

    /**
     * Brings the mirrors in line with the static pods there are.
     *
     * @param statics those that show themselves
     * @param complete whether these are all, so that a mirror of another is of one that is gone
     */
    public void sync(Collection<Pod> statics, boolean complete) {
        Map<String, Pod> wanted =
                statics.stream().collect(Collectors.toMap(Pod::key, Function.identity(), (a, b) -> b));
        for (Pod mirror : List.copyOf(known.values())) {
            Pod pod = wanted.get(mirror.key());
            boolean stale = pod == null ? complete : !StaticPod.mirrored(mirror).equals(pod.uid());
            if (stale || mirror.deleting() && pod != null) {
                drop(mirror);
            }
        }
        wanted.values().stream().filter(pod -> !known.containsKey(pod.key())).forEach(this::create);
        refused.retainAll(wanted.keySet());
        dropped.keySet().retainAll(wanted.keySet());
    }

    private void create(Pod pod) {
        String owner = nodeUid.get();
        if (owner.isEmpty() || !busy.add(pod.key())) {
            return;
        }
        meta.call(
                Operation.INSERT,
                pod.resource("pod"),
                StaticPod.mirror(pod, node, owner),
                answer -> {
                    busy.remove(pod.key());
                    refused.remove(pod.key());
                    answer.doc().map(Pod::of).filter(StaticPod::isMirror).ifPresent(this::seen);
                },
                failure -> {
                    busy.remove(pod.key());
                    // What the cloud has under that name comes by itself, if it is ours.
                    boolean another = failure.reason() == Reason.ALREADY_EXISTS;
                    if (another && refused.add(pod.key())) {
                        LOG.warn("mirror pod not made, the cloud has a pod of that name: pod={}", pod.key());
                    } else {
                        LOG.debug("mirror pod not made: pod={} reason={}", pod.key(), failure.getMessage());
                    }
                });
    }

    private void drop(Pod mirror) {
        if (nodeUid.get().isEmpty() || !busy.add(mirror.key())) {
            return;
        }
        Doc options = Doc.of(Map.of("gracePeriodSeconds", 0, "preconditions", Map.of("uid", mirror.uid())));
        meta.call(
                Operation.DELETE,
                mirror.resource("pod"),
                options,
                answer -> {
                    busy.remove(mirror.key());
                    dropped.put(mirror.key(), mirror.uid());
                    gone(mirror.key(), mirror.uid());
                },
                failure -> {
                    busy.remove(mirror.key());
                    LOG.debug("mirror pod not deleted: pod={} reason={}", mirror.key(), failure.getMessage());
                });
    }
}
