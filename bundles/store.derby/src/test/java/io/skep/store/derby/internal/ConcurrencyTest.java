package io.skep.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {

    private static final int WRITES = 300;

    @TempDir
    static Path made;

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newFixedThreadPool(6);
    private DerbyDocumentStore store;

    @BeforeAll
    static void make() {
        Stores.make(made);
    }

    @BeforeEach
    void open() {
        Stores.copy(made, folder);
        store = Stores.open(folder);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        store.close();
    }

    @Test
    void aReadAfterAWriteSeesIt() throws Exception {
        List<Future<Void>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String key = "k" + t;
            all.add(threads.submit(() -> {
                for (int i = 1; i <= WRITES; i++) {
                    store.put("a", key, DocumentStore.ANY, "" + i);
                    assertThat(store.get("a", key).orElseThrow().revision()).isEqualTo(i);
                }
                return null;
            }));
        }
        for (Future<Void> one : all) {
            one.get(120, TimeUnit.SECONDS);
        }
    }

    @Test
    void aListNeverShowsHalfAWrite() throws Exception {
        store.write(both(0));
        AtomicBoolean ended = new AtomicBoolean();
        Callable<Integer> reader = () -> {
            int seen = 0;
            while (!ended.get()) {
                List<Document> documents = store.list("a", "");
                assertThat(documents.get(0).body()).isEqualTo(documents.get(1).body());
                seen++;
            }
            return seen;
        };
        Future<Integer> one = threads.submit(reader);
        Future<Integer> two = threads.submit(reader);

        for (int i = 0; i < WRITES; i++) {
            store.write(both(i));
        }
        ended.set(true);

        assertThat(one.get(60, TimeUnit.SECONDS)).isPositive();
        assertThat(two.get(60, TimeUnit.SECONDS)).isPositive();
    }

    private static List<Change> both(int i) {
        return List.of(
                Change.put("a", "left", DocumentStore.ANY, "" + i),
                Change.put("a", "right", DocumentStore.ANY, "" + i));
    }

    @Test
    void onlyOneOfManyWinsARevision() throws Exception {
        List<Future<Boolean>> all = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            all.add(threads.submit(() -> {
                try {
                    store.put(
                            "a",
                            "k",
                            DocumentStore.ABSENT,
                            Thread.currentThread().getName());
                    return true;
                } catch (io.skep.core.api.EdgeException e) {
                    return false;
                }
            }));
        }

        int winners = 0;
        for (Future<Boolean> one : all) {
            winners += one.get(60, TimeUnit.SECONDS) ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
    }

    @Test
    void manySubmissionsShareAFlush() throws Exception {
        List<CompletionStage<List<Document>>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(store.submit(List.of(Change.put("a", "k" + i % 100, DocumentStore.ANY, "" + i))));
        }
        for (CompletionStage<List<Document>> one : all) {
            one.toCompletableFuture().get(60, TimeUnit.SECONDS);
        }

        double batches = store.samples().stream()
                .filter(s -> s.name().equals("skep_store_batches"))
                .findFirst()
                .orElseThrow()
                .value();
        assertThat(batches).isLessThan(200);
    }

    // It would wait for itself, and every other writer with it.
    @Test
    void aCompletionThatWritesAndWaitsIsRefused() throws Exception {
        AtomicReference<Throwable> met = new AtomicReference<>();
        store.submit(List.of(Change.put("a", "k", 0, "v")))
                .thenRun(() -> {
                    try {
                        store.put("a", "other", 0, "v");
                    } catch (IllegalStateException e) {
                        met.set(e);
                    }
                })
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);

        // Whichever thread ran the completion: either it was the store's and was refused, or it was ours and could
        // write.
        assertThat(met.get() != null || store.get("a", "other").isPresent()).isTrue();
    }

    @Test
    void bodiesUpToTheLimitComeBack() {
        String body = "0123456789abcdef".repeat(DocumentStore.MAX_BODY_BYTES / 16);
        store.put("a", "large", 0, "x");
        store.put("a", "large", 1, body);

        // Not isEqualTo: a failure would print both.
        assertThat(body.equals(store.get("a", "large").orElseThrow().body())).isTrue();
        assertThatThrownBy(() -> store.put("a", "large", 2, body + "x")).hasMessageContaining("larger than");
    }
}
