package io.skep.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.store.Change;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteQueueTest {

    private final WriteQueue queue = new WriteQueue(3, 10_000);

    @Test
    void moreThanItHoldsIsRefusedAtOnce() {
        queue.add(write(1), Duration.ZERO);
        queue.add(write(1), Duration.ZERO);
        queue.add(write(1), Duration.ZERO);

        assertThatThrownBy(() -> queue.add(write(1), Duration.ZERO)).hasMessageContaining("queue is full: 3 writes");
    }

    @Test
    void moreBytesThanItHoldsAreRefusedUnlessItIsEmpty() {
        queue.add(write(50_000), Duration.ZERO);

        assertThatThrownBy(() -> queue.add(write(1), Duration.ZERO)).hasMessageContaining("queue is full");
    }

    @Test
    void aBatchEndsAtItsBytesButTakesAtLeastOne() throws InterruptedException {
        queue.add(write(5_000), Duration.ZERO);
        queue.add(write(1), Duration.ZERO);

        assertThat(queue.take(10, 100, Duration.ZERO)).hasSize(1);
        assertThat(queue.take(10, 100_000, Duration.ZERO)).hasSize(1);
        assertThat(queue.take(10, 100, Duration.ZERO)).isEmpty();
    }

    @Test
    void whatWaitsWhenItIsClosedCanStillBeTaken() throws InterruptedException {
        queue.add(write(1), Duration.ZERO);
        queue.close();

        assertThatThrownBy(() -> queue.add(write(1), Duration.ofSeconds(9))).hasMessageContaining("closing");
        assertThat(queue.take(10, 1_000, Duration.ofSeconds(9))).hasSize(1);
    }

    private static Submission write(int length) {
        return Submission.of(List.of(Change.put("a", "k", 0, "x".repeat(length))));
    }
}
