package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beehive loses 147 to 234 of 200,000 replies under load, because a waiter may not wait yet. Here none may be lost. */
class RequestStressTest {

    private static final int THREADS = 8;
    private static final int REQUESTS = 25_000;

    private final BusFixture fixture = new BusFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void noReplyIsLostAndNoneComesTwice() throws Exception {
        LongAdder taken = new LongAdder();
        LongAdder right = new LongAdder();
        fixture.add("echo", new TestModule() {
            @Override
            public void receive(Message message) {
                if (context.bus().sendResp(message.reply(message.content())) == Delivery.ACCEPTED) {
                    taken.increment();
                }
            }
        });

        List<Thread> askers = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int asker = t;
            askers.add(new Thread(() -> ask(asker, right)));
        }
        askers.forEach(Thread::start);
        for (Thread asker : askers) {
            asker.join();
        }

        assertThat(right.sum()).isEqualTo((long) THREADS * REQUESTS);
        assertThat(taken.sum()).isEqualTo((long) THREADS * REQUESTS);
        assertThat(fixture.bus.status().losses().values()).containsOnly(0L);
    }

    private void ask(int asker, LongAdder right) {
        for (int i = 0; i < REQUESTS; i++) {
            String content = "\"" + asker + "-" + i + "\"";
            Message question = message("r/x", content);
            // Every other one through the stage, so that both ways to wait are under load.
            Message answer = i % 2 == 0
                    ? fixture.bus.sendSync("echo", question, Duration.ofSeconds(60))
                    : fixture.bus
                            .request("echo", question, Duration.ofSeconds(60))
                            .toCompletableFuture()
                            .join();
            if (answer.parentId().equals(question.id())
                    && answer.content().json().equals(content)) {
                right.increment();
            }
        }
    }
}
