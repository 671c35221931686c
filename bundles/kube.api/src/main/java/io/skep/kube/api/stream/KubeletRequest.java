package io.skep.kube.api.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is asked of a node's kubelet.
 *
 * @param method HTTP method
 * @param path kubelet's path, decoded
 * @param query raw query without the question mark
 * @param headers passed on to kubelet; no credentials
 */
public record KubeletRequest(String method, String path, String query, Map<String, List<String>> headers) {

    public KubeletRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        Map<String, List<String>> copied = new LinkedHashMap<>();
        headers.forEach((name, values) -> copied.put(name, List.copyOf(values)));
        headers = Map.copyOf(copied);
    }
}
