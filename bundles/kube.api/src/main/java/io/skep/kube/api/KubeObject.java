package io.skep.kube.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One Kubernetes object: a document with {@code apiVersion}, {@code kind} and {@code metadata}. */
public record KubeObject(Doc doc) {

    public KubeObject {
        Objects.requireNonNull(doc, "doc");
    }

    /** Copies a tree, as {@link Doc#of}. */
    public static KubeObject of(Map<String, ?> tree) {
        return new KubeObject(Doc.of(tree));
    }

    public String apiVersion() {
        return doc.text("apiVersion");
    }

    public String kind() {
        return doc.text("kind");
    }

    public String name() {
        return doc.text("metadata", "name");
    }

    /** The namespace, or {@code ""} for an object of the whole cluster. */
    public String namespace() {
        return doc.text("metadata", "namespace");
    }

    public String uid() {
        return doc.text("metadata", "uid");
    }

    /** Opaque to clients by the API's conventions; a decimal number in practice, {@code ""} on an object never stored. */
    public String resourceVersion() {
        return doc.text("metadata", "resourceVersion");
    }

    public Map<String, String> labels() {
        return doc.textMap("metadata", "labels");
    }

    public Map<String, String> annotations() {
        return doc.textMap("metadata", "annotations");
    }

    public List<Doc> ownerReferences() {
        return doc.objects("metadata", "ownerReferences");
    }

    public List<String> finalizers() {
        return doc.texts("metadata", "finalizers");
    }

    /** When it was created; empty on an object never stored. */
    public Optional<Instant> creationTimestamp() {
        return Times.parse(doc.text("metadata", "creationTimestamp"));
    }

    /** When its deletion was asked for, plus its grace period. */
    public Optional<Instant> deletionTimestamp() {
        return Times.parse(doc.text("metadata", "deletionTimestamp"));
    }

    public Doc spec() {
        return doc.object("spec");
    }

    public Doc status() {
        return doc.object("status");
    }

    /** The object with {@code value} at {@code path}. */
    public KubeObject with(Object value, String... path) {
        return new KubeObject(doc.with(value, path));
    }

    /** The object with its {@code apiVersion} and {@code kind}, which the items of a list may leave out. */
    public KubeObject typed(ResourceKind as) {
        return kind().isEmpty() ? with(as.apiVersion(), "apiVersion").with(as.kind(), "kind") : this;
    }

    /** The object without what is at {@code path}. */
    public KubeObject without(String... path) {
        return new KubeObject(doc.without(path));
    }
}
