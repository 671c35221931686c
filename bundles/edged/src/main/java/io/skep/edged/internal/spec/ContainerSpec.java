package io.skep.edged.internal.spec;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Quantity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One container of a pod as the cloud wants it.
 *
 * @param doc its document
 * @param init whether it is listed under {@code initContainers}
 * @param ephemeral whether it was added to look into the running pod: it starts once and never again
 */
public record ContainerSpec(Doc doc, boolean init, boolean ephemeral) {

    /** One that the pod was made with. */
    public ContainerSpec(Doc doc, boolean init) {
        this(doc, init, false);
    }

    public String name() {
        return doc.text("name");
    }

    public String image() {
        return doc.text("image");
    }

    /** A native sidecar: an init container that keeps running beside the app. */
    public boolean sidecar() {
        return init && doc.text("restartPolicy").equals("Always");
    }

    /** {@code Always}, {@code IfNotPresent} or {@code Never}; by default what the tag says, as Kubernetes decides it. */
    public String pullPolicy() {
        String policy = doc.text("imagePullPolicy");
        if (!policy.isEmpty()) {
            return policy;
        }
        String last = image().substring(image().lastIndexOf('/') + 1);
        boolean pinned = last.contains("@") || last.contains(":") && !last.endsWith(":latest");
        return pinned ? "IfNotPresent" : "Always";
    }

    public List<Doc> volumeMounts() {
        return doc.objects("volumeMounts");
    }

    public Optional<ProbeSpec> probe(ProbeSpec.Kind kind) {
        String field = kind.name().toLowerCase(Locale.ROOT) + "Probe";
        return doc.has(field) ? Optional.of(new ProbeSpec(kind, doc.object(field))) : Optional.empty();
    }

    /** The action after the start, if there is one. */
    public Optional<Doc> postStart() {
        return doc.has("lifecycle", "postStart") ? Optional.of(doc.object("lifecycle", "postStart")) : Optional.empty();
    }

    /** The action before the stop, if there is one. */
    public Optional<Doc> preStop() {
        return doc.has("lifecycle", "preStop") ? Optional.of(doc.object("lifecycle", "preStop")) : Optional.empty();
    }

    public String terminationMessagePath() {
        String path = doc.text("terminationMessagePath");
        return path.isEmpty() ? "/dev/termination-log" : path;
    }

    /** Whether the log's end stands in for a missing message after a failure. */
    public boolean messageFromLogs() {
        return doc.text("terminationMessagePolicy").equals("FallbackToLogsOnError");
    }

    /**
     * A resource amount: CPU in thousandths of a core, all else in whole units.
     *
     * @param side {@code requests} or {@code limits}
     */
    public Optional<Long> amount(String side, String resource) {
        return inUnits(doc.text("resources", side, resource), resource);
    }

    /** An amount of a resource in its unit; empty for {@code ""} and what is none. */
    static Optional<Long> inUnits(String text, String resource) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Quantity quantity = Quantity.parse(text);
            return Optional.of(resource.equals("cpu") ? quantity.milliValue() : quantity.value());
        } catch (KubeException e) {
            return Optional.empty();
        }
    }

    /** The number of a port given as number or by its name in this container; empty when the name is unknown. */
    public Optional<Integer> port(Object port) {
        if (port instanceof Number number) {
            return Optional.of(number.intValue());
        }
        String text = String.valueOf(port);
        if (!text.isEmpty() && text.chars().allMatch(Character::isDigit) && text.length() < 6) {
            return Optional.of(Integer.parseInt(text));
        }
        return doc.objects("ports").stream()
                .filter(p -> p.text("name").equals(text))
                .map(p -> (int) p.number(0, "containerPort"))
                .findFirst();
    }
}
