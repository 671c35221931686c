package io.skep.bench.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.store.InMemoryDocumentStore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StoreBenchTest {

    private final InMemoryDocumentStore store = new InMemoryDocumentStore();

    @Test
    void figuresAreMeasuredAndNothingIsLeftBehind() {
        var figures = new StoreBench(store, TimeUnit.MILLISECONDS.toNanos(5), 50).run();

        assertThat(figures)
                .extracting(Figure::what)
                .containsExactly("store upserts, 1 writer", "store upserts, 8 writers", "store read p50");
        assertThat(figures).allSatisfy(f -> assertThat(f.value()).isPositive());
        assertThat(store.list("bench", "")).isEmpty();
    }

    @Test
    void figuresAreOneLineOfJson() {
        assertThat(Figure.json(java.util.List.of(new Figure("a", 1.25, "us"), new Figure("b", 2, "msg/s"))))
                .isEqualTo(
                        "[{\"what\":\"a\",\"value\":1.3,\"unit\":\"us\"},{\"what\":\"b\",\"value\":2.0,\"unit\":\"msg/s\"}]");
    }
}
