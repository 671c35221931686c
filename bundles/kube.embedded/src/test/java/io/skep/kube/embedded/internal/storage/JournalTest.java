package io.skep.kube.embedded.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.core.api.store.SteppedDocumentStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JournalTest {

    private static final ObjectKey KEY = new ObjectKey(Kinds.CONFIG_MAP, "default", "a");

    private final SteppedDocumentStore disk = new SteppedDocumentStore(new InMemoryDocumentStore());
    private final List<Long> seen = new ArrayList<>();
    private Journal journal = open();

    private Journal open() {
        return new Journal(disk, Kinds.ALL, 10, change -> seen.add(change.version()));
    }

    private static Draft draft(String value) {
        return Draft.of(
                KubeObject.of(Map.of("metadata", Map.of("resourceVersion", ""), "data", Map.of("value", value))));
    }

    private CompletableFuture<Change> write(ObjectKey key, Optional<Stored> base, String value) {
        return journal.write(key, base, Optional.of(draft(value)), newest -> {});
    }

    private String visible() {
        return journal.visible(KEY)
                .map(s -> new ParsedCache(1000).parse(s).doc().text("data", "value"))
                .orElse("nothing");
    }

    @Test
    void nothingIsSeenBeforeItIsOnDisk() {
        write(KEY, Optional.empty(), "1");
        String before = visible();

        disk.step(true);

        assertThat(before).isEqualTo("nothing");
        assertThat(visible()).isEqualTo("1");
        assertThat(seen).containsExactly(1L);
    }

    @Test
    void writersBuildOnWhatIsOnItsWay() {
        write(KEY, Optional.empty(), "1");
        CompletableFuture<Change> second = write(KEY, journal.newest(KEY), "2");

        disk.step(true);
        disk.step(true);

        assertThat(second).isCompleted();
        assertThat(visible()).isEqualTo("2");
    }

    @Test
    void overtakenWriteIsRefusedAtOnce() {
        write(KEY, Optional.empty(), "1");

        assertThatThrownBy(() -> write(KEY, Optional.empty(), "2")).isInstanceOf(Journal.Overtaken.class);
    }

    // What was built on a write that failed describes an object that never was.
    @Test
    void failedWriteTakesThoseBuiltOnItAlong() {
        CompletableFuture<Change> first = write(KEY, Optional.empty(), "1");
        CompletableFuture<Change> second = write(KEY, journal.newest(KEY), "2");

        disk.step(false);
        disk.step(true);

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(visible()).isEqualTo("nothing");
        assertThat(journal.newest(KEY)).isEmpty();
        write(KEY, Optional.empty(), "3");
        disk.step(true);
        assertThat(visible()).isEqualTo("3");
        assertThat(seen).containsExactly(3L);
    }

    @Test
    void failedWriteDoesNotHoldUpOthers() {
        ObjectKey other = new ObjectKey(Kinds.CONFIG_MAP, "default", "b");
        write(KEY, Optional.empty(), "1");
        CompletableFuture<Change> second = write(other, Optional.empty(), "2");

        disk.step(false);
        disk.step(true);

        assertThat(second).isCompleted();
        assertThat(journal.visible(other)).isPresent();
        assertThat(journal.version()).isEqualTo(2);
    }

    @Test
    void removalLeavesItsVersionBehind() {
        write(KEY, Optional.empty(), "1");
        disk.step(true);
        journal.write(KEY, journal.newest(KEY), Optional.empty(), newest -> {});
        disk.step(true);

        journal = open();

        assertThat(journal.visible(KEY)).isEmpty();
        assertThat(journal.version()).isEqualTo(2);
    }

    @Test
    void namespacesOfOneBeginningAreApart() {
        write(new ObjectKey(Kinds.CONFIG_MAP, "team", "a"), Optional.empty(), "1");
        write(new ObjectKey(Kinds.CONFIG_MAP, "team-b", "a"), Optional.empty(), "1");
        disk.step(true);
        disk.step(true);

        assertThat(journal.snapshot(Kinds.CONFIG_MAP, "team").items())
                .extracting(s -> s.key().namespace())
                .containsExactly("team");
        assertThat(journal.snapshot(Kinds.CONFIG_MAP, "").items()).hasSize(2);
    }
}
