package io.skep.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise the whole product rests on: an acknowledged write survives kill -9 at any moment. */
class CrashTest {

    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    @Test
    void everyAcknowledgedWriteIsThereAfterAKill() throws Exception {
        Random random = new Random();
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> lines = new ArrayList<>();
            try (ChildProcess child = ChildProcess.start(CrashingWriter.class, folder.toString())) {
                assertThat(child.line()).isEqualTo("ready");
                for (int n = 100 + random.nextInt(1_000); n > 0; n--) {
                    lines.add(child.line());
                }
                lines.addAll(child.kill());
            }
            note(lines, acknowledged);
            compare(acknowledged);
        }
    }

    private static void note(List<String> lines, Map<String, Long> acknowledged) {
        for (String line : lines) {
            String[] parts = line.split(" ");
            // The kill may have cut the last line short: a shorter number is a smaller one, hence no false claim.
            if (parts.length == 2 && !parts[1].isEmpty()) {
                assertThat(parts[0]).isNotEqualTo("failed");
                acknowledged.merge(parts[0], Long.parseLong(parts[1]), Math::max);
            }
        }
    }

    private void compare(Map<String, Long> acknowledged) {
        try (DerbyDocumentStore store = Stores.open(folder)) {
            assertThat(store.status().setAside()).isEmpty();
            acknowledged.forEach((key, revision) ->
                    assertThat(store.get("left", key).orElseThrow().revision()).isGreaterThanOrEqualTo(revision));
            List<Document> left = store.list("left", "");
            List<Document> right = store.list("right", "");
            assertThat(left)
                    .extracting(Document::key)
                    .containsExactlyElementsOf(right.stream().map(Document::key).toList());
            assertThat(left)
                    .extracting(Document::revision)
                    .containsExactlyElementsOf(
                            right.stream().map(Document::revision).toList());
        }
    }

    // A kill while the database is being made must leave nothing that a next start stumbles over.
    @Test
    void aKillDuringTheFirstStartIsNotFatal() throws Exception {
        Random random = new Random();
        for (int round = 0; round < ROUNDS; round++) {
            Path fresh = folder.resolve("fresh" + round);
            try (ChildProcess child = ChildProcess.start(CrashingWriter.class, fresh.toString())) {
                await(fresh.resolve("db.new"));
                Thread.sleep(random.nextInt(1_500));
                child.kill();
            }

            try (DerbyDocumentStore store = Stores.open(fresh)) {
                assertThat(store.status().setAside()).isEmpty();
                assertThat(store.put("a", "k", DocumentStore.ABSENT, "v").revision())
                        .isEqualTo(1);
                assertThat(fresh.resolve("db.new")).doesNotExist();
            }
        }
    }

    private static void await(Path path) throws InterruptedException {
        for (int i = 0; i < 3_000 && !path.toFile().exists(); i++) {
            Thread.sleep(10);
        }
    }
}
