package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.WriteOptions;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** What tests of the embedded store share: one with small limits, ConfigMaps in it, and ways to look at both. */
abstract class EmbeddedStoreTest {

    static final String NS = "default";

    final TestStores stores = new TestStores().with(new EmbeddedSettings(4, 200, 1 << 20, Duration.ofHours(1), 100));
    ResourceStore store = stores.open();

    @AfterEach
    void close() {
        stores.disk().failWrites(false);
        stores.close();
    }

    KubeObject create(String name) {
        return create(NS, Map.of("name", name), Map.of("n", "0"));
    }

    KubeObject create(String namespace, Map<String, Object> metadata, Map<String, String> data) {
        return store.create(
                Kinds.CONFIG_MAP,
                namespace,
                KubeObject.of(Map.of("metadata", metadata, "data", data)),
                WriteOptions.NONE);
    }

    KubeObject set(KubeObject map, String value) {
        return store.update(
                key(Kinds.CONFIG_MAP, map.name()),
                "",
                map.with(value, "data", "n").without("metadata", "resourceVersion"),
                WriteOptions.NONE);
    }

    static ObjectKey key(ResourceKind kind, String name) {
        return new ObjectKey(kind, kind.namespaced() ? NS : "", name);
    }

    static void assertStatus(ThrowingCallable call, int code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KubeException.class, e -> {
            assertThat(e.status().code()).isEqualTo(code);
            assertThat(e.getMessage()).contains(message);
        });
    }

    void assertGone(ResourceKind kind, String name) {
        assertStatus(() -> store.get(key(kind, name)), 404, "not found");
    }

    void reopen() {
        stores.close();
        store = stores.open();
    }
}
