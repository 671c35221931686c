package io.skep.bus.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {

    private static Values values(Map<String, Object> given) {
        return Values.of(new Hashtable<>(given));
    }

    // The file's reader notes its address beside the values, and the framework the identity.
    @Test
    void notesOfTheFrameworkMakeNoDifference() {
        Values bare = values(Map.of("a", "1"));
        Values noted = values(Map.of("a", "1", "service.pid", "p", "felix.fileinstall.filename", "file:x"));

        assertThat(bare.same(noted)).isTrue();
        assertThat(bare.difference(noted)).isEmpty();
    }

    @Test
    void differenceNamesEachChangedKeyWithBothValues() {
        Values before = values(Map.of("a", "1", "b", "2", "same", "s"));
        Values after = values(Map.of("a", "x", "c", new String[] {"3", "4"}, "same", "s"));

        assertThat(before.difference(after)).isEqualTo("a: 1 -> x, b: 2 -> (default), c: (default) -> 3,4");
        assertThat(before.same(after)).isFalse();
    }

    @Test
    void componentWithDefaultsWasToldWhatIsGivenAndNoLongerWhatThatReplaces() {
        Values before = values(Map.of("beat", "abc", "queue", "1"));
        Values after = values(Map.of("queue", "2"));

        assertThat(after.areIn(Map.of("beat", "abc", "queue", "1", "size", 7), before))
                .isFalse();
        assertThat(after.areIn(Map.of("beat", "abc", "queue", "2", "size", 7), before))
                .isFalse();
        assertThat(after.areIn(Map.of("beat", 15, "queue", "2", "size", 7), before))
                .isTrue();
    }
}
