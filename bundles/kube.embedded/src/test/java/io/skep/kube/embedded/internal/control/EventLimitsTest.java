package io.skep.kube.embedded.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Times;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.TestStores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLimitsTest {

    private final TestStores stores = new TestStores();
    private final ResourceStore store = stores.open();
    private final Instant now = stores.clock().instant();

    @AfterEach
    void close() {
        stores.close();
    }

    private void event(String name, Duration age) {
        store.create(
                Kinds.EVENT,
                "default",
                KubeObject.of(Map.of(
                        "metadata",
                        Map.of("name", name),
                        "lastTimestamp",
                        Times.format(now.minus(age)),
                        "involvedObject",
                        Map.of("kind", "Pod", "namespace", "default", "name", "p"))),
                WriteOptions.NONE);
    }

    private List<String> after(int limit) {
        // An hour later the creation of all of them is long past; what they say themselves is not.
        new EventLimits(store, () -> now.plus(Duration.ofMinutes(61)), Duration.ofHours(1), limit).enforce();
        return store.list(Kinds.EVENT, "default", ListOptions.ALL).items().stream()
                .map(KubeObject::name)
                .toList();
    }

    @Test
    void oldEventsAreForgottenByWhatTheySay() {
        event("old", Duration.ofMinutes(5));
        event("seen-again", Duration.ofMinutes(-5));

        assertThat(after(100)).containsExactly("seen-again");
    }

    @Test
    void beyondTheLimitTheOldestGo() {
        event("a", Duration.ofMinutes(-10));
        event("b", Duration.ofMinutes(-20));
        event("c", Duration.ofMinutes(-30));

        assertThat(after(2)).containsExactly("b", "c");
    }
}
