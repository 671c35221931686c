package io.skep.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.store.Document;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadCacheTest {

    private final ReadCache cache = new ReadCache(10_000);

    @Test
    void whatWasReadBeforeACommitDoesNotEnterAfterIt() {
        long stamp = cache.stamp();
        cache.committed(List.of(new Batch.Row("a", Batch.Action.UPDATE, Optional.of(document("new")))));

        cache.found(stamp, "a", document("old"));

        assertThat(cache.get("a").orElseThrow().body()).isEqualTo("new");
    }

    @Test
    void aDeletedDocumentLeaves() {
        cache.found(cache.stamp(), "a", document("v"));

        cache.committed(List.of(new Batch.Row("a", Batch.Action.DELETE, Optional.empty())));

        assertThat(cache.get("a")).isEmpty();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void itStaysWithinItsBytesAndForgetsTheLeastUsed() {
        for (int i = 0; i < 100; i++) {
            cache.found(cache.stamp(), "k" + i, document("x".repeat(800)));
            cache.get("k0");
        }

        assertThat(cache.bytes()).isBetween(5_000L, 10_000L);
        assertThat(cache.get("k0")).isPresent();
        assertThat(cache.get("k50")).isEmpty();
    }

    @Test
    void aBodyTooLargeForItIsNotKeptNorItsOldForm() {
        cache.found(cache.stamp(), "a", document("v"));

        cache.committed(List.of(new Batch.Row("a", Batch.Action.UPDATE, Optional.of(document("x".repeat(9_000))))));

        assertThat(cache.get("a")).isEmpty();
        assertThat(cache.bytes()).isZero();
    }

    private static Document document(String body) {
        return new Document("c", "k", 1, body);
    }
}
