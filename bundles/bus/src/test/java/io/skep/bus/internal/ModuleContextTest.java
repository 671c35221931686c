package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.host.ModuleService;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a module may ask of its context: tasks, timers, background jobs. */
class ModuleContextTest extends HostTest {

    @Test
    void everythingHappensOnTheModulesOneThread() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(4);
        TestModule module = new TestModule((context, m) -> note(threads, done)) {
            @Override
            public void start(ModuleContext context, Handover handover) {
                super.start(context, handover);
                note(threads, done);
                context.after(Duration.ofMillis(1), () -> note(threads, done));
                context.work("k", () -> Thread.currentThread().getName(), (name, failure) -> {
                    assertThat(name).startsWith("edge-work-");
                    note(threads, done);
                });
            }
        };

        fixture.add("m", module);
        bus.send("m", message("r/1"));

        until("all four calls", () -> done.getCount() == 0);
        assertThat(threads).containsExactly("edge-m");
    }

    private static void note(Set<String> threads, CountDownLatch done) {
        threads.add(Thread.currentThread().getName());
        done.countDown();
    }

    @Test
    void timersOfAnEndedRunNeverFire() {
        AtomicInteger old = new AtomicInteger();
        TestModule first = new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                super.start(context, handover);
                context.every(Duration.ofMillis(2), old::incrementAndGet);
                context.after(Duration.ofMillis(300), () -> old.addAndGet(1_000));
            }
        };
        ModuleService service = fixture.add("m", first);
        until("timer runs", () -> old.get() > 2);
        bus.remove(service);
        int atEnd = old.get();
        AtomicInteger next = new AtomicInteger();

        fixture.add("m", new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                context.after(Duration.ofMillis(400), next::incrementAndGet);
            }
        });

        until("the next one's timer", () -> next.get() == 1);
        assertThat(old.get()).isEqualTo(atEnd);
    }

    @Test
    void cancelledTimerDoesNotFire() {
        AtomicInteger fired = new AtomicInteger();
        CountDownLatch later = new CountDownLatch(1);

        fixture.add("m", new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                context.after(Duration.ofMillis(5), fired::incrementAndGet).cancel();
                context.after(Duration.ofMillis(50), later::countDown);
            }
        });

        until("later timer", () -> later.getCount() == 0);
        assertThat(fired.get()).isZero();
    }

    @Test
    void resultOfABackgroundJobOfAnEndedRunIsIgnored() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger results = new AtomicInteger();
        ModuleService service = fixture.add("m", new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                context.work(
                        "k",
                        () -> {
                            working.countDown();
                            mayEnd.await();
                            return 1;
                        },
                        (result, failure) -> results.incrementAndGet());
                context.work("k", () -> 2, (result, failure) -> results.incrementAndGet());
            }
        });
        working.await();
        bus.remove(service);

        mayEnd.countDown();
        TestModule next = new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                context.work("k", () -> 3, (result, failure) -> ended.countDown());
            }
        };
        fixture.add("m", next);

        ended.await();
        assertThat(results.get()).isZero();
    }

    @Test
    void failureOfABackgroundJobComesBackAsAnException() {
        List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
        fixture.add("m", new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                context.work(
                        "k",
                        () -> {
                            throw new IOException("unplugged");
                        },
                        (result, failure) -> failures.add(failure));
            }
        });

        until("failure", () -> failures.size() == 1);
        assertThat(failures.get(0)).hasMessage("unplugged");
    }
}
