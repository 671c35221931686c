package io.skep.edged.internal.spec;

import io.skep.edged.internal.link.Ref;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A container's variables, resolved.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kubelet_pods.go}, {@code makeEnvironmentVariables}; its error texts are kept.
 *
 * @param variables by name, in order
 * @param skipped keys of {@code envFrom} that are no variable names, one text a source
 */
public record Env(Map<String, String> variables, List<String> skipped) {

    private static final Pattern NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

    /**
     * Resolves a container's {@code envFrom} and {@code env}.
     *
     * @param objects the ConfigMaps and Secrets at hand
     * @throws ConfigException when a source is missing that must not be
     */
    public static Env of(PodFields fields, ContainerSpec container, Map<Ref, Doc> objects) throws ConfigException {
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> skipped = new ArrayList<>();
        for (Doc source : container.doc().objects("envFrom")) {
            addAll(fields.pod(), source, objects, variables, skipped);
        }
        for (Doc variable : container.doc().objects("env")) {
            value(fields, container, variable, objects, variables)
                    .ifPresent(value -> variables.put(variable.text("name"), value));
        }
        return new Env(variables, skipped);
    }

    /** The variables as a runtime takes them. */
    public List<EnvVar> list() {
        return variables.entrySet().stream()
                .map(e -> new EnvVar(e.getKey(), e.getValue()))
                .toList();
    }

    /** The texts with variables put in. */
    public List<String> expand(List<String> texts) {
        return texts.stream().map(text -> Expansion.expand(text, variables)).toList();
    }

    /** What a container's variables refer to. */
    public static List<Ref> references(Pod pod, ContainerSpec container) {
        List<Ref> refs = new ArrayList<>();
        for (Doc source : container.doc().objects("envFrom")) {
            if (source.has("configMapRef")) {
                refs.add(Ref.configMap(pod.namespace(), source.text("configMapRef", "name")));
            }
            if (source.has("secretRef")) {
                refs.add(Ref.secret(pod.namespace(), source.text("secretRef", "name")));
            }
        }
        for (Doc variable : container.doc().objects("env")) {
            if (variable.has("valueFrom", "configMapKeyRef")) {
                refs.add(Ref.configMap(pod.namespace(), variable.text("valueFrom", "configMapKeyRef", "name")));
            }
            if (variable.has("valueFrom", "secretKeyRef")) {
                refs.add(Ref.secret(pod.namespace(), variable.text("valueFrom", "secretKeyRef", "name")));
            }
        }
        return refs;
    }

    private static void addAll(
            Pod pod, Doc source, Map<Ref, Doc> objects, Map<String, String> variables, List<String> skipped)
            throws ConfigException {
        boolean secret = source.has("secretRef");
        Doc reference = source.object(secret ? "secretRef" : "configMapRef");
        Ref ref = secret
                ? Ref.secret(pod.namespace(), reference.text("name"))
                : Ref.configMap(pod.namespace(), reference.text("name"));
        Doc object = objects.get(ref);
        if (object == null) {
            if (reference.flag(false, "optional")) {
                return;
            }
            throw new ConfigException(ref.notFound());
        }
        List<String> invalid = new ArrayList<>();
        for (String key : object.textMap("data").keySet()) {
            String name = source.text("prefix") + key;
            if (NAME.matcher(name).matches()) {
                variables.put(name, data(ref, object, key).orElse(""));
            } else {
                invalid.add(name);
            }
        }
        if (!invalid.isEmpty()) {
            skipped.add("Keys " + invalid + " from the EnvFrom " + ref.type() + " " + pod.namespace() + "/" + ref.name()
                    + " were skipped since they are considered invalid environment variable names.");
        }
    }

    private static Optional<String> value(
            PodFields fields, ContainerSpec container, Doc variable, Map<Ref, Doc> objects, Map<String, String> before)
            throws ConfigException {
        Doc from = variable.object("valueFrom");
        if (from.isEmpty()) {
            return Optional.of(Expansion.expand(variable.text("value"), before));
        }
        if (from.has("fieldRef")) {
            return Optional.of(fields.field(from.text("fieldRef", "fieldPath")));
        }
        if (from.has("resourceFieldRef")) {
            return Optional.of(fields.resource(from.object("resourceFieldRef"), Optional.of(container)));
        }
        String namespace = fields.pod().namespace();
        if (from.has("configMapKeyRef")) {
            Doc reference = from.object("configMapKeyRef");
            return key(Ref.configMap(namespace, reference.text("name")), "ConfigMap", reference, objects);
        }
        if (from.has("secretKeyRef")) {
            Doc reference = from.object("secretKeyRef");
            return key(Ref.secret(namespace, reference.text("name")), "Secret", reference, objects);
        }
        throw new ConfigException("variable " + variable.text("name") + " has no source this node knows");
    }

    private static Optional<String> key(Ref ref, String kind, Doc reference, Map<Ref, Doc> objects)
            throws ConfigException {
        boolean optional = reference.flag(false, "optional");
        Doc object = objects.get(ref);
        if (object == null) {
            if (optional) {
                return Optional.empty();
            }
            throw new ConfigException(ref.notFound());
        }
        Optional<String> value = data(ref, object, reference.text("key"));
        if (value.isEmpty() && !optional) {
            throw new ConfigException("couldn't find key " + reference.text("key") + " in " + kind + " "
                    + ref.namespace() + "/" + ref.name());
        }
        return value;
    }

    private static Optional<String> data(Ref ref, Doc object, String key) throws ConfigException {
        if (!object.has("data", key)) {
            return Optional.empty();
        }
        String text = object.text("data", key);
        if (ref.type().equals("configmap")) {
            return Optional.of(text);
        }
        try {
            return Optional.of(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("key " + key + " of secret \"" + ref.name() + "\" is not base64", e);
        }
    }
}
