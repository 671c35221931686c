package io.skep.kube.rest.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.rest.internal.recorded.Recorded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

    private final Discovery discovery =
            new Discovery(Kinds.ALL.stream().map(ApiResource::kept).toList());

    /** Resource by name, without what only says how the real server stores it. */
    private static Map<String, Map<String, Object>> byName(Map<?, ?> list) {
        Map<String, Map<String, Object>> found = new TreeMap<>();
        for (Object resource : (List<?>) list.get("resources")) {
            Map<String, Object> fields = new TreeMap<>();
            ((Map<?, ?>) resource).forEach((key, value) -> fields.put((String) key, value));
            fields.remove("storageVersionHash");
            found.put(String.valueOf(fields.get("name")), fields);
        }
        return found;
    }

    private static Map<?, ?> recorded(String path) throws IOException {
        return (Map<?, ?>) Recorded.discovery().get(path);
    }

    /** An older subresource: not spoken of alike. */
    private static boolean isComparable(String name) {
        return Stream.of("ephemeralcontainers").noneMatch(part -> name.endsWith("/" + part));
    }

    @Test
    void resourcesAreAnnouncedAsTheRealServerAnnouncesThem() throws IOException {
        for (String version : List.of("v1", "coordination.k8s.io/v1", "node.k8s.io/v1")) {
            String group = version.equals("v1") ? "" : version.substring(0, version.indexOf('/'));
            Map<String, Map<String, Object>> real = byName(recorded(group.isEmpty() ? "/api/v1" : "/apis/" + version));
            Map<String, Map<String, Object>> ours =
                    byName(discovery.resources(group, "v1").orElseThrow());

            ours.forEach((name, fields) -> {
                if (isComparable(name)) {
                    assertThat(fields).as(name).isEqualTo(real.get(name));
                }
            });
        }
    }

    @Test
    void newestVersionOfAGroupIsPreferred() {
        List<String> versions = new ArrayList<>(List.of("v1alpha1", "v1beta2", "v2", "weird", "v1", "v10", "v1beta1"));

        versions.sort(ApiResource.NEWEST_FIRST);

        assertThat(versions).containsExactly("v10", "v2", "v1", "v1beta2", "v1beta1", "v1alpha1", "weird");
    }
}
