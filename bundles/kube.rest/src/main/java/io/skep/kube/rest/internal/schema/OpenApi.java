package io.skep.kube.rest.internal.schema;

import io.skep.kube.api.ResourceKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * OpenAPI documents of the kinds that are served. The schemas are the recorded ones; the paths are no more than what
 * kubectl looks for: which kind a path is about, and that writes take {@code dryRun} and {@code fieldValidation}.
 */
public final class OpenApi {

    private static final String TITLE = "Kubernetes";

    private final Schemas schemas;
    private final String version;

    /** @param version of the server, for example {@code v1.31.0} */
    public OpenApi(Schemas schemas, String version) {
        this.schemas = schemas;
        this.version = version;
    }

    /** {@code /openapi/v2}. */
    public Map<String, Object> v2(Collection<ResourceKind> kinds) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("swagger", "2.0");
        document.put("info", info());
        document.put("paths", paths(kinds, false));
        document.put("definitions", schemas.definitions().reachable(kinds));
        return document;
    }

    /** {@code /openapi/v3}: where the document of each group and version is. */
    public Map<String, Object> v3Index(Collection<ResourceKind> kinds) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (String path : new TreeSet<>(kinds.stream().map(OpenApi::root).toList())) {
            String hash = Integer.toHexString((version + kinds).hashCode());
            paths.put(path, Map.of("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash));
        }
        return Map.of("paths", paths);
    }

    /** {@code /openapi/v3/<root>} with the kinds of that root. */
    public Map<String, Object> v3(Collection<ResourceKind> kinds) {
        Map<String, Object> found = new LinkedHashMap<>();
        schemas.definitions()
                .reachable(kinds)
                .forEach((name, schema) -> found.put(name, pointingTo("#/components/schemas/", schema)));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.0.0");
        document.put("info", info());
        document.put("paths", paths(kinds, true));
        document.put("components", Map.of("schemas", found));
        return document;
    }

    /** {@code api/v1} or {@code apis/<group>/<version>}. */
    public static String root(ResourceKind kind) {
        return kind.group().isEmpty() ? "api/" + kind.version() : "apis/" + kind.apiVersion();
    }

    private Map<String, Object> info() {
        return Map.of("title", TITLE, "version", version);
    }

    private static Map<String, Object> paths(Collection<ResourceKind> kinds, boolean typed) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (ResourceKind kind : kinds) {
            String base = "/" + root(kind) + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural();
            paths.put(
                    base,
                    Map.of("get", operation(kind, "list", typed, false), "post", operation(kind, "post", typed, true)));
            paths.put(
                    base + "/{name}",
                    Map.of(
                            "get", operation(kind, "get", typed, false),
                            "put", operation(kind, "put", typed, true),
                            "patch", operation(kind, "patch", typed, true),
                            "delete", operation(kind, "delete", typed, false)));
        }
        return paths;
    }

    private static Map<String, Object> operation(ResourceKind kind, String action, boolean typed, boolean write) {
        Map<String, Object> operation = new LinkedHashMap<>();
        if (write) {
            operation.put("parameters", List.of(parameter("dryRun", typed), parameter("fieldValidation", typed)));
        }
        operation.put("responses", Map.of("200", Map.of("description", "OK")));
        operation.put("x-kubernetes-action", action);
        operation.put(Schemas.KINDS, Map.of("group", kind.group(), "version", kind.version(), "kind", kind.kind()));
        return operation;
    }

    private static Map<String, Object> parameter(String name, boolean typed) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", "query");
        if (typed) {
            parameter.put("schema", Map.of("type", "string"));
        } else {
            parameter.put("type", "string");
        }
        return parameter;
    }

    private static Object pointingTo(String prefix, Object node) {
        if (node instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(
                    (String) key,
                    Schemas.REF.equals(key) ? prefix + Schemas.target((String) value) : pointingTo(prefix, value)));
            return copy;
        }
        if (node instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(value -> copy.add(pointingTo(prefix, value)));
            return copy;
        }
        return node;
    }
}
