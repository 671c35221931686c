package io.skep.bus.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {

    private final WorkerPool pool = new WorkerPool(3, 50, Duration.ofMillis(50));

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void jobsOfOneKeyRunOneAfterTheOtherInOrder() throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(40);

        for (int i = 0; i < 40; i++) {
            int number = i;
            pool.submit("m", "k", () -> {
                order.add(number);
                done.countDown();
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(order).isEqualTo(IntStream.range(0, 40).boxed().toList());
    }

    @Test
    void jobsOfDifferentKeysRunSideBySide() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        CountDownLatch done = new CountDownLatch(3);

        for (String key : List.of("a", "b", "c")) {
            pool.submit("m", key, () -> {
                together.countDown();
                if (await(together)) {
                    done.countDown();
                }
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.size()).isEqualTo(3);
    }

    @Test
    void moduleWithTooManyWaitingJobsIsRefusedAndOthersAreNot() {
        CountDownLatch release = new CountDownLatch(1);
        pool.submit("m", "k", () -> await(release));

        long taken = IntStream.range(0, 100)
                .filter(i -> pool.submit("m", "k", () -> {}))
                .count();

        assertThat(taken).isBetween(49L, 50L);
        assertThat(pool.submit("other", "k", () -> {})).isTrue();
        release.countDown();
    }

    @Test
    void keysOfTwoModulesAreNotTheSame() throws Exception {
        CountDownLatch together = new CountDownLatch(2);
        CountDownLatch done = new CountDownLatch(2);

        for (String module : List.of("m", "n")) {
            pool.submit(module, "k", () -> {
                together.countDown();
                if (await(together)) {
                    done.countDown();
                }
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void idleThreadsEnd() {
        pool.submit("m", "k", () -> {});

        until(() -> pool.size() == 0);
    }

    @Test
    void oneThreadIsEnoughForOneJobAtATime() throws Exception {
        WorkerPool patient = new WorkerPool(3, 50, Duration.ofMinutes(1));
        try {
            for (int i = 0; i < 10; i++) {
                CountDownLatch done = new CountDownLatch(1);
                patient.submit("m", "k" + i, done::countDown);
                assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
                until(() -> patient.resting() == 1);
            }
            assertThat(patient.size()).isEqualTo(1);
        } finally {
            patient.close();
        }
    }

    @Test
    void jobThatEscapesCostsNoThread() throws Exception {
        CountDownLatch done = new CountDownLatch(1);

        pool.submit("m", "k", () -> {
            throw new IllegalStateException("bug");
        });
        pool.submit("m", "k", done::countDown);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closedPoolTakesNothingAndInterruptsWhatRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        pool.submit("m", "k", () -> {
            running.countDown();
            if (!await(new CountDownLatch(1))) {
                interrupted.countDown();
            }
        });
        running.await();

        pool.close();

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.submit("m", "k", () -> {})).isFalse();
        until(() -> pool.size() == 0);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 30 s").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
