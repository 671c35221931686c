package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.api.Times;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The part all kinds share: names, identity, counters. Source: Kubernetes {@code apimachinery/pkg/api/validation}. */
public final class Metadata {

    /** As the real server writes them; unknown fields follow. */
    private static final List<String> ORDER = List.of(
            "name",
            "generateName",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers");

    /** Without vowels, so that no words come out. */
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private static final List<String> STANDARD_FINALIZERS = List.of("kubernetes", "orphan", "foregroundDeletion");

    private static final int SUFFIX_LENGTH = 5;
    private static final int LONGEST_BASE = 63 - SUFFIX_LENGTH;
    private static final int MOST_ANNOTATION_BYTES = 256 << 10;

    private Metadata() {}

    /** Gives a new object what only the server may say. */
    public static KubeObject begin(ResourceKind kind, String namespace, KubeObject object, Instant now) {
        Doc metadata = object.doc()
                .object("metadata")
                .with(object.name().isEmpty() ? generated(object) : object.name(), "name")
                .with(UUID.randomUUID().toString(), "uid")
                .with("", "resourceVersion")
                .with(Times.format(now), "creationTimestamp")
                .without("generation")
                .without("deletionTimestamp")
                .without("deletionGracePeriodSeconds");
        metadata = kind.namespaced() ? metadata.with(namespace, "namespace") : metadata.without("namespace");
        if (Rules.of(kind).generation()) {
            metadata = metadata.with(1, "generation");
        }
        return arrange(kind, object.with(metadata, "metadata"));
    }

    private static String generated(KubeObject object) {
        String base = object.doc().text("metadata", "generateName");
        if (base.isEmpty()) {
            return "";
        }
        StringBuilder name = new StringBuilder(base.substring(0, Math.min(base.length(), LONGEST_BASE)));
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            name.append(SUFFIX_LETTERS.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_LETTERS.length())));
        }
        return name.toString();
    }

    /** Keeps what only the server may say, whatever the writer sent. */
    public static KubeObject keep(ResourceKind kind, KubeObject before, KubeObject after) {
        Doc metadata = after.doc().object("metadata");
        for (String field : List.of(
                "name",
                "generateName",
                "namespace",
                "uid",
                "generation",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds")) {
            Optional<Object> kept = before.doc().at("metadata", field);
            metadata = kept.isPresent() ? metadata.with(kept.get(), field) : metadata.without(field);
        }
        return arrange(kind, after.with(metadata, "metadata"));
    }

    /** The object with the kind's fields and metadata in the server's order, without managed fields and self link. */
    public static KubeObject arrange(ResourceKind kind, KubeObject object) {
        Map<String, Object> given =
                new LinkedHashMap<>(object.doc().object("metadata").asMap());
        given.remove("managedFields");
        given.remove("selfLink");
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (String field : ORDER) {
            Object value = given.remove(field);
            boolean empty =
                    value instanceof Map<?, ?> map && map.isEmpty() || value instanceof List<?> list && list.isEmpty();
            if (value != null && !empty) {
                metadata.put(field, value);
            }
        }
        metadata.putAll(given);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", kind.kind());
        tree.put("apiVersion", kind.apiVersion());
        tree.put("metadata", metadata);
        object.doc().asMap().forEach(tree::putIfAbsent);
        return KubeObject.of(tree);
    }

    /** Refuses an object whose type or namespace is not that of the request. */
    public static void checkAddressed(ResourceKind kind, String namespace, KubeObject object) {
        if (!object.kind().isEmpty() && !object.kind().equals(kind.kind())
                || !object.apiVersion().isEmpty() && !object.apiVersion().equals(kind.apiVersion())) {
            throw badRequest("the API version in the data (" + object.apiVersion() + ", Kind=" + object.kind()
                    + ") does not match the expected API version (" + kind.apiVersion() + ", Kind=" + kind.kind()
                    + ")");
        }
        if (kind.namespaced()
                && !object.namespace().isEmpty()
                && !object.namespace().equals(namespace)) {
            throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /** Refuses an object whose name is not that of the request. */
    public static void checkNamed(ObjectKey key, KubeObject object) {
        if (!object.name().equals(key.name())) {
            throw badRequest("the name of the object (" + object.name() + ") does not match the name on the URL ("
                    + key.name() + ")");
        }
    }

    /** Names, labels, annotations, owners. */
    public static void check(ResourceKind kind, KubeObject object, Causes causes) {
        if (object.name().isEmpty()) {
            causes.required("metadata.name", "name or generateName is required");
        } else if (Rules.of(kind).labelName()) {
            Names.label(causes, "metadata.name", object.name());
        } else {
            Names.subdomain(causes, "metadata.name", object.name());
        }
        Names.labels(causes, "metadata.labels", object.labels());
        long bytes = 0;
        for (Map.Entry<String, String> annotation : object.annotations().entrySet()) {
            Names.qualified(causes, "metadata.annotations", annotation.getKey().toLowerCase(java.util.Locale.ROOT));
            bytes += annotation.getKey().length() + (long) annotation.getValue().length();
        }
        if (bytes > MOST_ANNOTATION_BYTES) {
            causes.tooLong("metadata.annotations", MOST_ANNOTATION_BYTES);
        }
        for (Doc owner : object.ownerReferences()) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.text(field).isEmpty()) {
                    String what = field.equals("apiVersion") ? "version" : field;
                    causes.invalid("metadata.ownerReferences." + field, "", what + " must not be empty");
                }
            }
        }
        checkFinalizerNames(kind, object.finalizers(), causes);
    }

    /** Built-in kinds' finalizers are Kubernetes' own or somebody's, by the name of a domain. */
    private static void checkFinalizerNames(ResourceKind kind, List<String> finalizers, Causes causes) {
        finalizers.forEach(name -> Names.qualified(causes, "metadata.finalizers", name));
        boolean custom = Rules.of(kind).equals(KindRules.CUSTOM);
        for (int i = 0; i < finalizers.size() && !custom; i++) {
            String name = finalizers.get(i);
            if (!name.contains("/") && !STANDARD_FINALIZERS.contains(name)) {
                causes.invalid(
                        "metadata.finalizers[" + i + "]",
                        name,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    /** An object that is being deleted takes no new finalizers. */
    public static void checkFinalizers(KubeObject before, KubeObject after, Causes causes) {
        List<String> added = after.finalizers().stream()
                .filter(f -> !before.finalizers().contains(f))
                .map(f -> "\"" + f + "\"")
                .toList();
        if (!added.isEmpty() && before.deletionTimestamp().isPresent()) {
            causes.forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                            + String.join(", ", added) + "}");
        }
    }

    private static KubeException badRequest(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }
}
