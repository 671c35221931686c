package io.skep.core.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every {@link DocumentStore} does. An adapter's test extends this class and says how to get an empty store. */
public abstract class DocumentStoreContract {

    private static final String PODS = "pods";

    /** The store under test: empty before each test, the same one during it. */
    protected abstract DocumentStore store();

    @Test
    void nothingIsFoundInAnEmptyStore() {
        assertThat(store().get(PODS, "a")).isEmpty();
        assertThat(store().list(PODS, "")).isEmpty();
        assertThat(store().count(PODS, "")).isZero();
    }

    @Test
    void revisionStartsAtOneAndGrowsByOneWithEachPut() {
        store().put(PODS, "a", DocumentStore.ABSENT, "{}");
        store().put(PODS, "a", 1, "{\"x\":1}");

        Document third = store().put(PODS, "a", DocumentStore.ANY, "{\"x\":2}");

        assertThat(third).isEqualTo(new Document(PODS, "a", 3, "{\"x\":2}"));
        assertThat(store().get(PODS, "a")).contains(third);
    }

    @Test
    void revisionStartsAgainAfterADelete() {
        store().put(PODS, "a", DocumentStore.ANY, "1");
        store().put(PODS, "a", DocumentStore.ANY, "2");
        store().delete(PODS, "a", 2);

        assertThat(store().get(PODS, "a")).isEmpty();
        assertThat(store().put(PODS, "a", DocumentStore.ABSENT, "3").revision()).isEqualTo(1);
    }

    @Test
    void creatingWhatIsThereIsAConflict() {
        store().put(PODS, "a", DocumentStore.ABSENT, "1");

        assertConflict(() -> store().put(PODS, "a", DocumentStore.ABSENT, "2"));
        assertThat(store().get(PODS, "a").orElseThrow().body()).isEqualTo("1");
    }

    @Test
    void writingAnotherRevisionThanTheOneThereIsAConflict() {
        store().put(PODS, "a", DocumentStore.ABSENT, "1");

        assertConflict(() -> store().put(PODS, "a", 7, "2"));
        assertConflict(() -> store().put(PODS, "b", 1, "2"));
        assertConflict(() -> store().delete(PODS, "a", 2));
    }

    // Whoever deletes twice after a lost answer must not be told of a conflict that is none.
    @Test
    void deletingWhatIsNotThereIsNoError() {
        store().delete(PODS, "a", DocumentStore.ANY);
        store().delete(PODS, "a", 5);

        assertThat(store().get(PODS, "a")).isEmpty();
    }

    @Test
    void writeAppliesAllChangesOrNone() {
        store().put(PODS, "old", DocumentStore.ABSENT, "1");

        assertConflict(() -> store().write(List.of(
                Change.put(PODS, "new", DocumentStore.ABSENT, "2"),
                Change.delete(PODS, "old", DocumentStore.ANY),
                Change.put(PODS, "old", 9, "3"))));

        assertThat(store().get(PODS, "new")).isEmpty();
        assertThat(store().get(PODS, "old")).contains(new Document(PODS, "old", 1, "1"));
    }

    @Test
    void writeReturnsTheDocumentsOfThePutsInOrder() {
        List<Document> puts = store().write(List.of(
                Change.put(PODS, "b", DocumentStore.ABSENT, "1"),
                Change.delete(PODS, "x", DocumentStore.ANY),
                Change.put(PODS, "a", DocumentStore.ABSENT, "2")));

        assertThat(puts).containsExactly(new Document(PODS, "b", 1, "1"), new Document(PODS, "a", 1, "2"));
    }

    @Test
    void changesOfOneWriteSeeTheOnesBefore() {
        List<Document> puts = store().write(List.of(
                Change.put(PODS, "a", DocumentStore.ABSENT, "1"),
                Change.put(PODS, "a", 1, "2"),
                Change.delete(PODS, "a", 2),
                Change.put(PODS, "a", DocumentStore.ABSENT, "3")));

        assertThat(puts).extracting(Document::revision).containsExactly(1L, 2L, 1L);
        assertThat(store().get(PODS, "a")).contains(new Document(PODS, "a", 1, "3"));
    }

    @Test
    void anEmptyWriteDoesNothing() {
        assertThat(store().write(List.of())).isEmpty();
    }

    @Test
    void submissionsOfOneThreadAreAppliedInOrder() throws Exception {
        List<CompletionStage<List<Document>>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(store().submit(List.of(Change.put(PODS, "a", DocumentStore.ANY, "" + i))));
        }

        for (int i = 0; i < all.size(); i++) {
            List<Document> puts = all.get(i).toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(puts).containsExactly(new Document(PODS, "a", i + 1, "" + i));
        }
        assertThat(store().get(PODS, "a").orElseThrow().body()).isEqualTo("199");
    }

    // Submissions share a disk flush; one that conflicts must not take its neighbours with it.
    @Test
    void aConflictFailsOnlyItsOwnSubmission() throws Exception {
        List<CompletionStage<List<Document>>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            long expected = i % 2 == 0 ? DocumentStore.ANY : 99;
            all.add(store().submit(List.of(Change.put(PODS, "k" + i, expected, "" + i))));
        }

        for (CompletionStage<List<Document>> one : all) {
            one.toCompletableFuture().handle((documents, failure) -> documents).get(30, TimeUnit.SECONDS);
        }
        assertThat(store().count(PODS, "")).isEqualTo(25);
        assertThat(all.get(1).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void listIsOfOneCollectionAndPrefixInKeyOrder() {
        for (String key : List.of("default/pod/b", "default/pod/a", "default/podpatch/a", "kube-system/pod/a")) {
            store().put(PODS, key, DocumentStore.ABSENT, "1");
        }
        store().put("podsx", "default/pod/c", DocumentStore.ABSENT, "1");

        assertThat(store().list(PODS, "default/pod/"))
                .extracting(Document::key)
                .containsExactly("default/pod/a", "default/pod/b");
        assertThat(store().count(PODS, "default/pod")).isEqualTo(3);
        assertThat(store().list(PODS, "")).hasSize(4);
    }

    @Test
    void keysAreOrderedByCodeUnitAndNeverTakenForOneAnother() {
        List<String> keys = List.of("", " ", "a", "a\u0001", "a ", "a  ", "a!", "aA", "aa", "b", "\u00e9", "\uffff");
        for (String key : keys) {
            store().put(PODS, key, DocumentStore.ABSENT, "<" + key + ">");
        }

        assertThat(store().list(PODS, "")).extracting(Document::key).containsExactlyElementsOf(keys);
        assertThat(store().list(PODS, "a")).extracting(Document::key).containsExactlyElementsOf(keys.subList(2, 9));
        assertThat(store().list(PODS, "\uffff")).hasSize(1);
    }

    @Test
    void wildcardsOfAQueryLanguageAreOrdinaryCharacters() {
        store().put(PODS, "100%_a", DocumentStore.ABSENT, "1");
        store().put(PODS, "100xya", DocumentStore.ABSENT, "2");

        assertThat(store().list(PODS, "100%_")).extracting(Document::body).containsExactly("1");
    }

    @Test
    void pagesFollowOneAnother() {
        for (int i = 0; i < 25; i++) {
            store().put(PODS, String.format("p/%02d", i), DocumentStore.ABSENT, "" + i);
        }

        List<String> seen = new ArrayList<>();
        String after = "";
        while (true) {
            List<Document> page = store().list(PODS, "p/", after, 10);
            if (page.isEmpty()) {
                break;
            }
            page.forEach(d -> seen.add(d.body()));
            after = page.get(page.size() - 1).key();
        }

        assertThat(seen).hasSize(25).startsWith("0", "1").endsWith("23", "24");
    }

    @Test
    void bodiesComeBackExactlyAsTheyWerePut() {
        List<String> bodies =
                List.of("", " ", "trailing  ", "{\"a\": 1.0,\n\t\"ü\":\"\\u0000 😀\"}", "\u0000\u0001\ud800");
        for (int i = 0; i < bodies.size(); i++) {
            store().put(PODS, "k" + i, DocumentStore.ABSENT, bodies.get(i));
        }

        assertThat(store().list(PODS, "")).extracting(Document::body).containsExactlyElementsOf(bodies);
    }

    @Test
    void bodiesGrowAndShrinkInPlace() {
        for (int length : List.of(10, 40_000, 20, 300_000, 32_672, 32_673, 1)) {
            String body = "x".repeat(length - 1) + "é";

            store().put(PODS, "a", DocumentStore.ANY, body);

            assertThat(store().get(PODS, "a").orElseThrow().body()).isEqualTo(body);
            assertThat(store().list(PODS, "a").get(0).body()).isEqualTo(body);
        }
    }

    @Test
    void whatIsBeyondTheLimitsIsInvalid() {
        assertInvalid(() -> store().put("c".repeat(DocumentStore.MAX_COLLECTION + 1), "a", DocumentStore.ANY, ""));
        assertInvalid(() -> store().put(PODS, "k".repeat(DocumentStore.MAX_KEY + 1), DocumentStore.ANY, ""));
        assertInvalid(() ->
                store().put(PODS, "a", DocumentStore.ANY, "é".repeat(DocumentStore.MAX_BODY_BYTES / 2 + 1)));
        assertInvalid(() -> store().put(PODS, "a\u0000b", DocumentStore.ANY, ""));

        String longest = "é".repeat(DocumentStore.MAX_KEY);
        store().put("c".repeat(DocumentStore.MAX_COLLECTION), longest, DocumentStore.ABSENT, "1");
        assertThat(store().get("c".repeat(DocumentStore.MAX_COLLECTION), longest))
                .isPresent();
    }

    @Test
    void randomWritesAreWhatAMapWouldHold() {
        Random random = new Random(4711);
        TreeMap<String, String> model = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            List<Change> changes = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                String key = "k" + random.nextInt(20);
                if (random.nextInt(3) == 0) {
                    changes.add(Change.delete(PODS, key, DocumentStore.ANY));
                    model.remove(key);
                } else {
                    String body = Integer.toHexString(random.nextInt());
                    changes.add(Change.put(PODS, key, DocumentStore.ANY, body));
                    model.put(key, body);
                }
            }
            store().write(changes);
        }

        assertThat(store().list(PODS, "")).extracting(Document::key).containsExactlyElementsOf(model.keySet());
        assertThat(store().list(PODS, "")).extracting(Document::body).containsExactlyElementsOf(model.values());
        model.forEach((key, body) ->
                assertThat(store().get(PODS, key).map(Document::body)).isEqualTo(Optional.of(body)));
    }

    @Test
    void aWorkingStoreSaysSo() {
        assertThat(store().status()).isEqualTo(new StoreStatus(true, "Ready", "", Optional.empty()));
    }

    private static void assertConflict(ThrowingCallable write) {
        assertReason(write, Reason.CONFLICT);
    }

    private static void assertInvalid(ThrowingCallable write) {
        assertReason(write, Reason.INVALID);
    }

    private static void assertReason(ThrowingCallable write, Reason reason) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
