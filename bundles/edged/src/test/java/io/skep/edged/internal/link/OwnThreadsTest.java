package io.skep.edged.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.module.FakeModuleContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OwnThreadsTest {

    private static final int MOST = 20;

    private final FakeModuleContext module = new FakeModuleContext("edged");
    private final OwnThreads threads = new OwnThreads(module, MOST);
    private final List<Object> ends = new ArrayList<>();

    @AfterEach
    void close() {
        threads.close();
    }

    private void untilEnded(int many) throws InterruptedException {
        while (ends.size() < many) {
            module.runWork();
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    // Sixty pods that end at a shutdown sleep in their preStop actions at the same time.
    @Test
    void jobsWaitSideBySideAndEndOnTheModulesThread() throws Exception {
        CountDownLatch all = new CountDownLatch(MOST);
        for (int i = 0; i < MOST; i++) {
            threads.work(
                    "job",
                    () -> {
                        all.countDown();
                        all.await();
                        return "done";
                    },
                    (result, error) ->
                            ends.add(result + " on " + Thread.currentThread().getName()));
        }

        untilEnded(MOST);

        assertThat(ends).containsOnly("done on " + Thread.currentThread().getName());
    }

    @Test
    void failureIsToldAndSoIsAJobTooMany() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        for (int i = 0; i < MOST; i++) {
            threads.work(
                    "job",
                    () -> {
                        open.await();
                        throw new IllegalStateException("no");
                    },
                    (result, error) -> ends.add(error.getMessage()));
        }
        threads.work("job", () -> "unheard", (result, error) -> ends.add(error.getClass()));

        untilEnded(1);
        assertThat(ends).containsExactly(RejectedExecutionException.class);
        open.countDown();
        untilEnded(MOST + 1);
        assertThat(ends.subList(1, MOST + 1)).containsOnly("no");
    }

    @Test
    void closingInterruptsWhatWaits() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        threads.work(
                "job",
                () -> {
                    begun.countDown();
                    TimeUnit.DAYS.sleep(1);
                    return "";
                },
                (result, error) -> ends.add(error.getClass()));
        begun.await();

        threads.close();

        untilEnded(1);
        assertThat(ends).containsExactly(InterruptedException.class);
    }
}
