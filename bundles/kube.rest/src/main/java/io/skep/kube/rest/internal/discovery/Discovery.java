package io.skep.kube.rest.internal.discovery;

import io.skep.kube.api.ResourceKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which groups, versions and resources there are: {@code /api}, {@code /apis} and what is below them. */
public final class Discovery {

    private static final String KIND = "kind";
    private static final String VERSION = "version";
    private static final String GROUP = "group";
    private static final String VERBS = "verbs";
    private static final String NAME = "name";

    private final Collection<ApiResource> resources;

    public Discovery(Collection<ApiResource> resources) {
        this.resources = resources;
    }

    /** {@code /api}. */
    public Map<String, Object> core(String address) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(KIND, "APIVersions");
        tree.put("versions", List.of("v1"));
        tree.put("serverAddressByClientCIDRs", List.of(Map.of("clientCIDR", "0.0.0.0/0", "serverAddress", address)));
        return tree;
    }

    /** {@code /apis}. */
    public Map<String, Object> groups() {
        List<Object> groups = new ArrayList<>();
        versionsByGroup(false).forEach((group, versions) -> groups.add(group(group, versions)));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(KIND, "APIGroupList");
        tree.put("apiVersion", "v1");
        tree.put("groups", groups);
        return tree;
    }

    /** {@code /apis/<group>}; empty when there is none of this name. */
    public Optional<Map<String, Object>> group(String group) {
        return Optional.ofNullable(versionsByGroup(false).get(group)).map(versions -> {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put(KIND, "APIGroup");
            tree.put("apiVersion", "v1");
            tree.putAll(group(group, versions));
            return tree;
        });
    }

    private static Map<String, Object> group(String group, Map<String, List<ApiResource>> versions) {
        List<Map<String, Object>> all = versions.keySet().stream()
                .map(version -> Map.<String, Object>of("groupVersion", group + "/" + version, VERSION, version))
                .toList();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(NAME, group);
        tree.put("versions", all);
        tree.put("preferredVersion", all.get(0));
        return tree;
    }

    /** {@code /api/v1}, {@code /apis/<group>/<version>}; empty when there is nothing in it. */
    public Optional<Map<String, Object>> resources(String group, String version) {
        List<Object> found = new ArrayList<>();
        resources.stream()
                .filter(r ->
                        r.kind().group().equals(group) && r.kind().version().equals(version))
                .sorted(ApiResource.BY_NAME)
                .forEach(r -> addWithSubresources(r, found));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(KIND, "APIResourceList");
        tree.put("apiVersion", "v1");
        tree.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        tree.put("resources", found);
        return Optional.of(tree);
    }

    private static void addWithSubresources(ApiResource resource, List<Object> into) {
        ResourceKind kind = resource.kind();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(NAME, kind.plural());
        tree.put("singularName", kind.singular());
        tree.put("namespaced", kind.namespaced());
        tree.put(KIND, kind.kind());
        tree.put(VERBS, resource.verbs());
        names(kind, tree);
        into.add(tree);
        for (Subresource sub : resource.subresources()) {
            Map<String, Object> child = new LinkedHashMap<>();
            child.put(NAME, kind.plural() + "/" + sub.name());
            child.put("singularName", "");
            child.put("namespaced", kind.namespaced());
            if (!sub.apiVersion().equals(kind.apiVersion())) {
                child.put(GROUP, sub.group());
                child.put(VERSION, sub.version());
            }
            child.put(KIND, sub.kind());
            child.put(VERBS, sub.verbs());
            into.add(child);
        }
    }

    /** {@code /api} or {@code /apis} for a client that takes everything at once. */
    public Map<String, Object> aggregated(boolean core, String formVersion) {
        List<Object> items = new ArrayList<>();
        versionsByGroup(core).forEach((group, versions) -> {
            Map<String, Object> metadata = new LinkedHashMap<>();
            if (!core) {
                metadata.put(NAME, group);
            }
            metadata.put("creationTimestamp", null);
            List<Object> all = new ArrayList<>();
            versions.forEach((version, inVersion) -> all.add(aggregatedVersion(version, inVersion)));
            items.add(Map.of("metadata", metadata, "versions", all));
        });
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(KIND, "APIGroupDiscoveryList");
        tree.put("apiVersion", "apidiscovery.k8s.io/" + formVersion);
        tree.put("metadata", Map.of());
        tree.put("items", items);
        return tree;
    }

    private static Map<String, Object> aggregatedVersion(String version, List<ApiResource> inVersion) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(VERSION, version);
        tree.put(
                "resources",
                inVersion.stream()
                        .sorted(ApiResource.BY_NAME)
                        .map(Discovery::aggregated)
                        .toList());
        tree.put("freshness", "Current");
        return tree;
    }

    private static Map<String, Object> aggregated(ApiResource resource) {
        ResourceKind kind = resource.kind();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("resource", kind.plural());
        tree.put("responseKind", responseKind(kind.group(), kind.version(), kind.kind()));
        tree.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
        tree.put("singularResource", kind.singular());
        tree.put(VERBS, resource.verbs());
        names(kind, tree);
        List<Object> subresources = new ArrayList<>();
        for (Subresource sub : resource.subresources()) {
            Map<String, Object> child = new LinkedHashMap<>();
            child.put("subresource", sub.name());
            child.put("responseKind", responseKind(sub.group(), sub.version(), sub.kind()));
            child.put(VERBS, sub.verbs());
            subresources.add(child);
        }
        if (!subresources.isEmpty()) {
            tree.put("subresources", subresources);
        }
        return tree;
    }

    private static void names(ResourceKind kind, Map<String, Object> into) {
        if (!kind.shortNames().isEmpty()) {
            into.put("shortNames", kind.shortNames());
        }
        if (!kind.categories().isEmpty()) {
            into.put("categories", kind.categories());
        }
    }

    private static Map<String, Object> responseKind(String group, String version, String kind) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(GROUP, group);
        tree.put(VERSION, version);
        tree.put(KIND, kind);
        return tree;
    }

    /** By group and version, newest version first; either the core group alone or all others. */
    private Map<String, Map<String, List<ApiResource>>> versionsByGroup(boolean core) {
        Map<String, Map<String, List<ApiResource>>> found = new TreeMap<>();
        for (ApiResource resource : resources) {
            if (resource.kind().group().isEmpty() == core) {
                found.computeIfAbsent(resource.kind().group(), g -> new TreeMap<>(ApiResource.NEWEST_FIRST))
                        .computeIfAbsent(resource.kind().version(), v -> new ArrayList<>())
                        .add(resource);
            }
        }
        return found;
    }
}
