package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.cloudhub.internal.AckEntry.State;
import io.skep.cloudhub.internal.SyncRecords.Subject;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AckEntryTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Subject SUBJECT =
            new Subject("edge-1", "default", new ObjectHead("v1", "ConfigMap", "a", "uid-a", false));

    private final AckEntry entry = new AckEntry(message("update", "5"), SUBJECT);

    private static Message message(String operation, String version) {
        Message message =
                Message.of(Route.of("edgecontroller", "resource", operation, "default/configmap/a"), Content.EMPTY);
        return message.withHeader(message.header().withResourceVersion(version));
    }

    @Test
    void isMeasuredByTheStateThatFollows() {
        entry.follow(message("update", "7"), SUBJECT);

        assertThat(entry.isOutdatedBy(message("update", "6"))).isFalse();
        assertThat(entry.isOutdatedBy(message("update", "8"))).isTrue();
    }

    @Test
    void nothingIsNewerThanADeleteThatFollows() {
        entry.follow(message("delete", "7"), SUBJECT);

        assertThat(entry.isOutdatedBy(message("update", "8"))).isFalse();
    }

    @Test
    void whatFollowsTakesItsPlaceOnce() {
        Message newer = message("update", "7");
        entry.follow(newer, SUBJECT);
        entry.tries = 3;

        assertThat(entry.takeNext()).isTrue();
        assertThat(entry.message).isSameAs(newer);
        assertThat(entry.version).isEqualTo("7");
        assertThat(entry.tries).isZero();
        assertThat(entry.takeNext()).isFalse();
    }

    // KubeEdge's pauses: 5 ms, doubling, 1000 s at most.
    @Test
    void restsLongerFromRoundToRoundUntilItCameThrough() {
        List<Duration> rests = new ArrayList<>();
        for (int round = 0; round < 40; round++) {
            rests.add(entry.rest());
        }

        assertThat(rests).startsWith(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20));
        assertThat(rests).endsWith(Duration.ofSeconds(1000));

        entry.arrived();
        assertThat(entry.rest()).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void isOverdueOnlyWhileItIsUnderWay() {
        entry.sent = NOW;
        assertThat(entry.isOverdue(NOW)).isFalse();

        entry.state = State.UNDER_WAY;
        assertThat(entry.isOverdue(NOW)).isTrue();
        assertThat(entry.isOverdue(NOW.minusMillis(1))).isFalse();
    }
}
