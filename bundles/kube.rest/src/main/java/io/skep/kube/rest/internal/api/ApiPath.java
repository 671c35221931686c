package io.skep.kube.rest.internal.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The path of a request to a resource. {@code /api/v1/namespaces/default/pods/web/status} has all parts; a part that is
 * absent is {@code ""}.
 *
 * <p>Source: Kubernetes {@code apiserver/pkg/endpoints/request/requestinfo.go}.
 *
 * @param group API group, {@code ""} for core
 * @param version API version
 * @param namespace namespace in the path
 * @param resource plural
 * @param name object
 * @param subresource what follows the name
 */
record ApiPath(String group, String version, String namespace, String resource, String name, String subresource) {

    private static final int RESOURCE_PARTS = 3;

    /** The parts of {@code uri}, still encoded; empty when it names no resource. */
    static Optional<ApiPath> parse(String uri) {
        List<String> parts = new ArrayList<>();
        for (String part : uri.split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        if (parts.size() >= 2 && parts.get(0).equals("api")) {
            return resource("", parts.get(1), parts.subList(2, parts.size()));
        }
        if (parts.size() >= RESOURCE_PARTS && parts.get(0).equals("apis")) {
            return resource(parts.get(1), parts.get(2), parts.subList(RESOURCE_PARTS, parts.size()));
        }
        return Optional.empty();
    }

    private static Optional<ApiPath> resource(String group, String version, List<String> rest) {
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        boolean namespaced = rest.get(0).equals("namespaces") && rest.size() >= RESOURCE_PARTS && !ofNamespace(rest);
        String namespace = namespaced ? rest.get(1) : "";
        List<String> parts = namespaced ? rest.subList(2, rest.size()) : rest;
        if (parts.size() > RESOURCE_PARTS) {
            return Optional.empty();
        }
        return Optional.of(new ApiPath(group, version, namespace, parts.get(0), at(parts, 1), at(parts, 2)));
    }

    /** {@code namespaces/x/status} is the namespace's own subresource, not a resource in it. */
    private static boolean ofNamespace(List<String> rest) {
        return rest.size() == RESOURCE_PARTS
                && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
    }

    private static String at(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }
}
