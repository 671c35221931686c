package io.skep.bus.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeparturesTest {

    private static final Duration KEPT = Duration.ofMinutes(60);
    private static final Duration ALMOST = Duration.ofMinutes(59);

    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private final Set<String> awaited = new HashSet<>();
    private final List<String> dropped = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final Departures departures = new Departures(() -> now, KEPT, awaited::contains, module -> {
        dropped.add(module);
        return 1;
    });

    private void lookAfter(Duration time) {
        now = now.plus(time);
        departures.look(Optional.of(store));
    }

    @Test
    void whatWaitsForAnUninstalledModuleIsKeptAWhileAndDroppedOnce() {
        departures.note("guest");

        lookAfter(ALMOST);
        assertThat(dropped).isEmpty();
        lookAfter(Duration.ofMinutes(1));
        lookAfter(KEPT);

        assertThat(dropped).containsExactly("guest");
    }

    // A feature's update uninstalls one bundle and installs another; and a role waits for its own modules for ever.
    @Test
    void moduleThatIsBackKeepsItsMail() {
        departures.note("guest");
        awaited.add("guest");

        lookAfter(KEPT);
        awaited.clear();
        lookAfter(KEPT);

        assertThat(dropped).isEmpty();
    }

    @Test
    void whatAFormerProcessKeptForAModuleThatDidNotComeIsDropped() {
        put("guest/0000010000000000");
        put("guest/0000010000000001");
        put("metamanager/0000010000000000");
        put("visitor/0000010000000000");
        awaited.add("metamanager");

        lookAfter(ALMOST);
        assertThat(dropped).isEmpty();
        departures.note("visitor");
        lookAfter(Duration.ofMinutes(1));
        lookAfter(Duration.ofMinutes(1));

        assertThat(dropped).containsExactly("guest");
    }

    private void put(String key) {
        store.put("mailbox", key, DocumentStore.ANY, "{}");
    }
}
