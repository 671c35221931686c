package io.skep.monitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeapTrimTest {

    private static final long MEGABYTE = 1 << 20;

    private long heap = 50 * MEGABYTE;
    private long live = 30 * MEGABYTE;
    private int collections;
    private final HeapTrim trim = new HeapTrim(() -> heap, this::collect);

    private void collect() {
        collections++;
        heap = live;
    }

    @AfterEach
    void stop() {
        trim.stop();
    }

    @Test
    void whatTheStartLeftBehindIsGivenBack() {
        trim.look();

        assertThat(collections).isEqualTo(1);
        assertThat(heap).isEqualTo(live);
    }

    @Test
    void aHeapThatDoesNotGrowIsLeftAlone() {
        trim.look();
        heap += 3 * MEGABYTE;
        trim.look();
        trim.look();

        assertThat(collections).isEqualTo(1);
    }

    // A node with more pods needs more: collecting each minute for nothing would cost and bring nothing.
    @Test
    void aHeapThatIsNeededIsCollectedOnceAndThenAccepted() {
        trim.look();
        live = 60 * MEGABYTE;
        heap = live;
        trim.look();
        trim.look();

        assertThat(collections).isEqualTo(2);
    }
}
