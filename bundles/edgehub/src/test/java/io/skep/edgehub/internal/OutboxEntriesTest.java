package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutboxEntriesTest {

    private final OutboxFigures figures = new OutboxFigures();
    private final OutboxEntries entries = new OutboxEntries(figures);

    private OutboxEntry status(String id) {
        return entries.add(new OutboxEntry(OutboxEntries.statusKey("default/podpatch/a"), OutboxClass.STATUS, id));
    }

    // They are read back in the order of their keys: a new one must not come before an old one.
    @Test
    void keysGoOnWhereAnEarlierProcessEnded() {
        String last = entries.nextKey(OutboxClass.EVENT);
        OutboxEntries later = new OutboxEntries(figures);
        later.restore(new OutboxEntry(last, OutboxClass.EVENT, "1"));

        assertThat(later.nextKey(OutboxClass.EVENT)).isGreaterThan(last);
    }

    @Test
    void aNewerStateIsAnsweredUnderItsOwnId() {
        OutboxEntry entry = status("old");

        entries.renew(entry, "new");

        assertThat(entries.answeredBy("old")).isEmpty();
        assertThat(entries.answeredBy("new")).containsSame(entry);
        assertThat(entries.all()).containsExactly(entry);
    }

    @Test
    void anOlderStateOnItsWayIsAnsweredUntilItIsWaitedForNoMore() {
        OutboxEntry entry = status("old");
        entries.renew(entry, "new");
        entries.letAhead(entry, "old");
        assertThat(entries.answeredBy("old")).containsSame(entry);

        entries.followOn(entry);

        assertThat(entries.answeredBy("old")).isEmpty();
        assertThat(entry.ahead).isEmpty();
    }

    @Test
    void whatIsRemovedIsNeitherAnsweredNorCounted() {
        OutboxEntry entry = status("old");
        assertThat(figures.kept(OutboxClass.STATUS)).isEqualTo(1);

        entries.remove(entry);

        assertThat(entries.answeredBy("old")).isEmpty();
        assertThat(figures.kept(OutboxClass.STATUS)).isZero();
        assertThat(entries.size()).isZero();
    }
}
