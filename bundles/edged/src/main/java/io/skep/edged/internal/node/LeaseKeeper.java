package io.skep.edged.internal.node;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.edged.internal.link.Meta;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the node's lease, by which the cloud knows it alive. Belongs to the module's thread.
 *
 * <p>Source: Kubernetes {@code k8s.io/component-helpers/apimachinery/lease/controller.go}.
 */
final class LeaseKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final ModuleContext context;
    private final Meta meta;
    private final String node;
    private final Duration duration;
    private Optional<Doc> latest = Optional.empty();
    private Instant asked = Instant.MIN;
    private boolean open;

    LeaseKeeper(ModuleContext context, Meta meta, String node, Duration duration) {
        this.context = context;
        this.meta = meta;
        this.node = node;
        this.duration = duration;
    }

    /** How often {@link #renew} is to be called. */
    Duration period() {
        return duration.dividedBy(4);
    }

    /** Renews the lease, or takes it first; does nothing while a renewal is under way. */
    void renew(String nodeUid) {
        Instant now = context.clock().instant();
        if (nodeUid.isEmpty() || open && asked.plus(duration).isAfter(now)) {
            return;
        }
        open = true;
        asked = now;
        if (latest.isPresent()) {
            update(latest.get().with(Times.formatMicro(now), "spec", "renewTime"));
        } else {
            fetch(nodeUid);
        }
    }

    /** Forgets the copy, so that the next renewal reads it first. */
    void forget() {
        latest = Optional.empty();
        open = false;
    }

    private void fetch(String nodeUid) {
        meta.query(
                resource(),
                Content.EMPTY,
                answer -> answer.doc()
                        .filter(lease -> lease.has("metadata"))
                        .ifPresentOrElse(this::take, () -> insert(nodeUid)),
                failure -> {
                    if (failure.reason() == Reason.NOT_FOUND) {
                        insert(nodeUid);
                    } else {
                        failed(failure);
                    }
                });
    }

    private void take(Doc lease) {
        String now = Times.formatMicro(context.clock().instant());
        update(lease.with(now, "spec", "renewTime")
                .with(node, "spec", "holderIdentity")
                .with((int) duration.toSeconds(), "spec", "leaseDurationSeconds"));
    }

    private void update(Doc lease) {
        meta.call(
                Operation.UPDATE, resource(), lease, answer -> done(answer.doc().orElse(lease)), this::failed);
    }

    private void insert(String nodeUid) {
        meta.call(
                Operation.INSERT,
                resource(),
                fresh(nodeUid),
                answer -> done(answer.doc().orElse(Doc.EMPTY)),
                this::failed);
    }

    private Doc fresh(String nodeUid) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", node);
        metadata.put("namespace", "kube-node-lease");
        metadata.put("creationTimestamp", null);
        metadata.put(
                "ownerReferences", List.of(Map.of("apiVersion", "v1", "kind", "Node", "name", node, "uid", nodeUid)));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("holderIdentity", node);
        spec.put("leaseDurationSeconds", (int) duration.toSeconds());
        spec.put("renewTime", Times.formatMicro(context.clock().instant()));
        return Doc.of(Map.of("metadata", metadata, "spec", spec));
    }

    private void done(Doc lease) {
        open = false;
        latest = Optional.of(lease).filter(l -> l.has("metadata"));
    }

    private void failed(EdgeException failure) {
        open = false;
        latest = Optional.empty();
        LOG.debug("lease not renewed: node={} reason={}", node, failure.getMessage());
    }

    private String resource() {
        return "kube-node-lease/lease/" + node;
    }
}
