package io.skep.kube.api;

import java.util.List;
import java.util.Objects;

/**
 * A kind of object and where it lives in the API.
 *
 * @param group API group, {@code ""} for core
 * @param version API version, for example {@code v1}
 * @param kind name in {@code kind}, for example {@code ConfigMap}
 * @param plural name in paths, for example {@code configmaps}
 * @param singular name for people, for example {@code configmap}
 * @param namespaced whether its objects live in namespaces
 * @param shortNames what kubectl accepts besides, for example {@code cm}
 * @param categories groups such as {@code all}
 * @param subresources for example {@code status}
 */
public record ResourceKind(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        boolean namespaced,
        List<String> shortNames,
        List<String> categories,
        List<String> subresources) {

    public ResourceKind {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(plural, "plural");
        Objects.requireNonNull(singular, "singular");
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        subresources = List.copyOf(subresources);
    }

    /** {@code v1} or {@code group/version}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code pods} or {@code leases.coordination.k8s.io}, as kubectl and error texts name it. */
    public String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
