package io.skep.bus.internal.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpillTest {

    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private final StoredMail mail = new StoredMail("m");
    private final Spill spill = new Spill("m", mail);

    @BeforeEach
    void attach() {
        spill.attach(mail.inspect(store), false);
    }

    private static Message message(String resource) {
        return Message.of(Route.of("test", "meta", Operation.PATCH, resource), Content.EMPTY);
    }

    // Writes end in any order: what is behind one under way would overtake it.
    @Test
    void nothingIsReadFromBehindAWriteThatIsUnderWay() {
        Message first = message("default/pod/a");
        Message second = message("default/pod/b");
        long slow = spill.reserve(first);
        long quick = spill.reserve(second);
        mail.write(store, quick, second);
        spill.end(quick, false);

        assertThat(spill.due(true, true)).isFalse();

        mail.write(store, slow, first);
        spill.end(slow, false);
        assertThat(spill.due(true, true)).isTrue();
        assertThat(read()).containsExactly("default/pod/a", "default/pod/b");
        assertThat(spill.holding()).isFalse();
    }

    // It may be in the reader's hands already, and would then be lost with its document.
    @Test
    void aStatusThatIsBeingReadIsNotReplaced() {
        Message status = message("default/podpatch/a");
        long number = spill.reserve(status);
        mail.write(store, number, status);
        spill.end(number, false);
        assertThat(spill.reserveReplacement(status)).isEqualTo(number);
        spill.end(number, false);

        spill.claim();

        assertThat(spill.reserveReplacement(status)).isEqualTo(Spill.NONE);
    }

    @Test
    void aReadThatFailedIsDueAgain() {
        Message only = message("default/pod/a");
        long number = spill.reserve(only);
        mail.write(store, number, only);
        spill.end(number, false);

        spill.undo(spill.takeFinished(), spill.claim());

        assertThat(spill.due(true, true)).isTrue();
        assertThat(read()).containsExactly("default/pod/a");
    }

    private List<String> read() {
        long from = spill.claim();
        return spill.took(mail.read(store, from), from).stream()
                .map(letter -> letter.message().route().resource())
                .toList();
    }
}
