package io.skep.edgecontroller.internal.dynamic;

import io.skep.edgecontroller.internal.EdgeControllerConfig;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@link EdgeControllerConfig}'s keys of this module, once checked and given types.
 *
 * @param enabled whether applications are served at all
 * @param reads kinds that may be read, {@code plural.group}; {@code *} for all
 * @param writes kinds and subresources that may be written, {@code plural.group/subresource}; {@code *} for all
 * @param ownOnly whether a node may read only what its own pods use
 * @param listeners most watches of one node
 */
record DynamicSettings(boolean enabled, Set<String> reads, Set<String> writes, boolean ownOnly, int listeners) {

    DynamicSettings {
        reads = Set.copyOf(reads);
        writes = Set.copyOf(writes);
        if (listeners < 1) {
            throw new IllegalArgumentException("dynamic.listeners must be at least 1, is " + listeners);
        }
    }

    static DynamicSettings from(EdgeControllerConfig config) {
        return new DynamicSettings(
                config.dynamic_enabled(),
                words(config.dynamic_read()),
                words(config.dynamic_write()),
                config.authorization_enabled(),
                config.dynamic_listeners());
    }

    private static Set<String> words(String list) {
        return Stream.of(list.split(","))
                .map(String::trim)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }
}
