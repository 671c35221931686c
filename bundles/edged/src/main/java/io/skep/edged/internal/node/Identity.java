package io.skep.edged.internal.node;

import java.util.Map;
import java.util.Objects;

/**
 * Who the node is, by its settings.
 *
 * @param name its name
 * @param ip its address, {@code ""} to find it
 * @param labels beside the standard ones
 * @param kubeletPort port shown as the kubelet's
 */
public record Identity(String name, String ip, Map<String, String> labels, int kubeletPort) {
    public Identity {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(ip, "ip");
        labels = Map.copyOf(labels);
    }
}
