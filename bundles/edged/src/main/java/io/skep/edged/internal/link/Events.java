package io.skep.edged.internal.link;

import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kubernetes Events about pods and the node. The same event again within ten minutes only raises its count, and goes up
 * at most every ten seconds. An object may send 25 events at once and one more every five minutes, as with every
 * Kubernetes client; over all, a bucket of 500 that refills by 50 a second bounds what is sent: a node full of pods that
 * start together is no flood. Belongs to the module's thread.
 */
public final class Events {

    private static final Duration SAME = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final int REMEMBERED = 512;
    private static final double BUCKET = 500;
    private static final double REFILL_PER_SECOND = 50;
    private static final double OBJECT_BUCKET = 25;
    private static final double OBJECT_REFILL_PER_SECOND = 1 / 300.0;

    private record About(String uid, String fieldPath, String reason, String message) {}

    private static final class Seen {
        String name;
        Instant first;
        Instant last;
        Instant sent;
        int count;
    }

    private final ModuleContext context;
    private final Meta meta;
    private final String node;
    private final Map<About, Seen> seen = new Recent<>();
    private final Map<String, Bucket> objects = new Recent<>();
    private final Bucket all;
    private long suppressed;
    private long lastNumber;

    public Events(ModuleContext context, Meta meta, String node) {
        this.context = context;
        this.meta = meta;
        this.node = node;
        this.all = new Bucket(BUCKET, REFILL_PER_SECOND, context.clock().instant());
    }

    /** Something went as it should. {@code container} is {@code ""} for the pod as a whole. */
    public void normal(Pod pod, String container, String reason, String message) {
        pod(pod, container, "Normal", reason, message);
    }

    /** Something went wrong. */
    public void warning(Pod pod, String container, String reason, String message) {
        pod(pod, container, "Warning", reason, message);
    }

    /** Something about the node itself. */
    public void node(String type, String reason, String message) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", "Node");
        object.put("name", node);
        object.put("uid", node);
        record(new About(node, "", reason, message), "default", type, object);
    }

    /** Events not sent because there were too many. */
    public long suppressed() {
        return suppressed;
    }

    private void pod(Pod pod, String container, String type, String reason, String message) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", "Pod");
        object.put("namespace", pod.namespace());
        object.put("name", pod.name());
        object.put("uid", pod.uid());
        object.put("apiVersion", "v1");
        object.put("resourceVersion", pod.object().resourceVersion());
        String path = "";
        if (!container.isEmpty()) {
            boolean init = pod.container(container).filter(c -> c.init()).isPresent();
            path = (init ? "spec.initContainers{" : "spec.containers{") + container + "}";
            object.put("fieldPath", path);
        }
        record(new About(pod.uid(), path, reason, message), pod.namespace(), type, object);
    }

    private void record(About about, String namespace, String type, Map<String, Object> object) {
        Instant now = context.clock().instant();
        Seen event = seen.get(about);
        boolean again = event != null && event.last.plus(SAME).isAfter(now);
        if (!again) {
            event = new Seen();
            event.name = object.get("name") + "." + Long.toHexString(number(now));
            event.first = now;
            seen.put(about, event);
        }
        event.last = now;
        event.count++;
        boolean tooSoon = event.sent != null && event.sent.plus(PAUSE).isAfter(now);
        if (tooSoon || !maySend(about.uid(), now)) {
            suppressed++;
            return;
        }
        String operation = event.sent == null ? Operation.INSERT : Operation.UPDATE;
        event.sent = now;
        meta.send(operation, namespace + "/event/" + event.name, document(about, event, namespace, type, object));
    }

    private Doc document(About about, Seen event, String namespace, String type, Map<String, Object> object) {
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("kind", "Event");
        doc.put("apiVersion", "v1");
        doc.put("metadata", Map.of("name", event.name, "namespace", namespace));
        doc.put("involvedObject", object);
        doc.put("reason", about.reason());
        doc.put("message", about.message());
        doc.put("source", Map.of("component", "kubelet", "host", node));
        doc.put("firstTimestamp", Times.format(event.first));
        doc.put("lastTimestamp", Times.format(event.last));
        doc.put("count", event.count);
        doc.put("type", type);
        doc.put("eventTime", null);
        doc.put("reportingComponent", "kubelet");
        doc.put("reportingInstance", node);
        return Doc.of(doc);
    }

    private boolean maySend(String uid, Instant now) {
        Bucket own = objects.computeIfAbsent(uid, u -> new Bucket(OBJECT_BUCKET, OBJECT_REFILL_PER_SECOND, now));
        return own.take(now) && all.take(now);
    }

    // Nanoseconds, as Kubernetes numbers them: kubectl lists events of one second in the order of their names.
    private long number(Instant now) {
        lastNumber = Math.max(lastNumber + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
        return lastNumber;
    }

    /** The entries used last. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
        }
    }

    private static final class Bucket {
        private final double size;
        private final double refillPerSecond;
        private double tokens;
        private Instant refilled;

        Bucket(double size, double refillPerSecond, Instant now) {
            this.size = size;
            this.refillPerSecond = refillPerSecond;
            this.tokens = size;
            this.refilled = now;
        }

        boolean take(Instant now) {
            double passed = Math.max(0, Duration.between(refilled, now).toMillis() / 1000.0);
            tokens = Math.min(size, tokens + passed * refillPerSecond);
            refilled = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }
}
