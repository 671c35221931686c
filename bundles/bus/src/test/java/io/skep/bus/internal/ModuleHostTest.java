package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.bus.internal.host.ModuleService;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModuleHostTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final BusFixture fixture = new BusFixture(BusFixture.limits(1024, 1000), Duration.ofMillis(500));
    private final EventAdminMessageBus bus = fixture.bus;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void moduleIsStartedGetsItsMessagesAndIsStopped() {
        TestModule module = new TestModule();

        ModuleService service = fixture.add("m", module);
        Message sent = message("r/1");
        bus.send("m", sent);
        bus.sendToGroup("m-group", sent);

        assertThat(List.of(module.next(), module.next())).containsExactly(sent, sent);
        bus.remove(service);
        assertThat(module.calls).containsExactly("start", "stop");
        assertThat(status("m").state()).isEqualTo(State.ABSENT);
    }

    // A feature that was switched off: its mailbox stays for a while, but nobody waits for it.
    @Test
    void moduleThatNobodyExpectsIsMissedByNobodyWhenItIsGone() {
        ModuleService service = fixture.add("m", new TestModule());

        bus.remove(service);

        assertThat(status("m").health().ok()).isFalse();
        assertThat(bus.check().ok()).isTrue();
    }

    // A version that hung in its start was given up, and the former one is back.
    @Test
    void moduleThatWasGivenUpInItsStartLeavesItsSuccessorAloneWhenItReturns() throws Exception {
        CountDownLatch mayReturn = new CountDownLatch(1);
        CompletableFuture<Thread> inStart = new CompletableFuture<>();
        ModuleService hanging = fixture.add("m", new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                inStart.complete(Thread.currentThread());
                while (mayReturn.getCount() > 0) {
                    LockSupport.parkNanos(1_000_000);
                    Thread.interrupted();
                }
            }
        });
        Thread stuck = inStart.get(30, TimeUnit.SECONDS);
        bus.remove(hanging);
        TestModule successor = new TestModule();
        fixture.add("m", successor);
        bus.send("m", message("r/1"));
        successor.next();

        mayReturn.countDown();
        stuck.join(30_000);
        bus.send("m", message("r/2"));

        assertThat(successor.next().route().resource()).isEqualTo("r/2");
        assertThat(successor.calls).containsExactly("start");
    }

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
    void messagesToAModuleThatIsBeingReplacedWaitForTheNextOneInOrder() {
        ModuleService first = fixture.add("m", new TestModule());
        bus.remove(first);
        List<Message> sent = List.of(message("r/1"), message("r/2"), message("r/3"));
        sent.forEach(m -> assertThat(bus.send("m", m)).isEqualTo(Delivery.ACCEPTED));

        TestModule second = new TestModule();
        fixture.add("m", second);

        assertThat(List.of(second.next(), second.next(), second.next())).isEqualTo(sent);
    }

    @Test
    void whatAModuleLeavesIsGivenToTheNextOneAndToNoOther() {
        Handover left = new Handover(3, "{\"a\":1}");
        ModuleService first = fixture.add("m", new TestModule().leaving(left));
        until("first active", () -> status("m").state() == State.ACTIVE);
        bus.remove(first);

        TestModule second = new TestModule();
        ModuleService service = fixture.add("m", second);
        until("second active", () -> status("m").state() == State.ACTIVE);
        bus.remove(service);
        TestModule third = new TestModule();
        fixture.add("m", third);
        until("third active", () -> status("m").state() == State.ACTIVE);

        assertThat(second.given).isEqualTo(left);
        assertThat(third.given).isEqualTo(Handover.NONE);
    }

    // An update without a gap: the new service appears before the old one goes.
    @Test
    void secondServiceOfANameWaitsUntilTheFirstIsGone() {
        TestModule old = new TestModule();
        ModuleService first = fixture.add("m", old);
        until("first active", () -> status("m").state() == State.ACTIVE);
        TestModule low = new TestModule();
        TestModule high = new TestModule();
        bus.add(BusFixture.service("m", 0, low));
        bus.add(BusFixture.service("m", 10, high));
        Message before = message("r/1");
        bus.send("m", before);
        assertThat(old.next()).isEqualTo(before);

        bus.remove(first);
        Message after = message("r/2");
        bus.send("m", after);

        assertThat(high.next()).isEqualTo(after);
        assertThat(low.calls).isEmpty();
    }

    // Who still knows the thread, a lock of the framework's say, would keep every class of a module that is gone.
    @Test
    void aThreadThatEndedKeepsNoClassLoader() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        TestModule module = new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                thread.complete(Thread.currentThread());
            }
        };
        ModuleService service = fixture.add("m", module);
        assertThat(thread.get(30, TimeUnit.SECONDS).getContextClassLoader())
                .isSameAs(module.getClass().getClassLoader());

        bus.remove(service);
        thread.get().join(30_000);

        assertThat(thread.get().isAlive()).isFalse();
        assertThat(thread.get().getContextClassLoader()).isNull();
    }

    @Test
    void theMessageInWorkEndsBeforeTheModuleIsStopped() throws Exception {
        CountDownLatch inWork = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        TestModule module =
                new TestModule((context, m) -> {
                    inWork.countDown();
                    await(mayEnd);
                    order.add("treated");
                }) {
                    @Override
                    public Handover stop() {
                        order.add("stopped");
                        return super.stop();
                    }
                };
        ModuleService service = fixture.add("m", module);
        bus.send("m", message("r/1"));
        bus.send("m", message("r/2"));
        inWork.await();
        Thread remover = new Thread(() -> bus.remove(service));

        remover.start();
        until("drain has begun", () -> remover.getState() == Thread.State.TIMED_WAITING);
        mayEnd.countDown();
        remover.join();

        assertThat(order).containsExactly("treated", "stopped");
        assertThat(status("m").queued()).isEqualTo(1);
    }

    @Test
    void moduleThatDoesNotStopIsLeftBehindAndItsSuccessorWorks() throws Exception {
        CountDownLatch inWork = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ModuleService stuck = fixture.add("m", new TestModule((context, m) -> {
            inWork.countDown();
            boolean ended = false;
            while (!ended) {
                try {
                    ended = never.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    // That is what is wrong with this module.
                }
            }
        }));
        bus.send("m", message("r/1"));
        inWork.await();

        bus.remove(stuck);
        TestModule next = new TestModule();
        fixture.add("m", next);
        bus.send("m", message("r/2"));

        assertThat(next.next().route().resource()).isEqualTo("r/2");
        never.countDown();
        bus.send("m", message("r/3"));
        assertThat(next.next().route().resource()).isEqualTo("r/3");
        assertThat(next.calls).containsExactly("start");
    }

    @Test
    void moduleThatTakesItselfAwayIsStoppedOnItsOwnThread() {
        List<ModuleService> self = new ArrayList<>();
        TestModule module = new TestModule((context, m) -> bus.remove(self.get(0)));
        self.add(BusFixture.service("m", module));
        bus.add(self.get(0));

        bus.send("m", message("r/1"));

        until("absent", () -> status("m").state() == State.ABSENT);
        assertThat(module.calls).containsExactly("start", "stop");
    }

    @Test
    void failedModuleAnswersItsRequesterIsStoppedAndStartedAgain() {
        AtomicInteger count = new AtomicInteger();
        TestModule module = new TestModule((context, m) -> {
            if (count.incrementAndGet() == 1) {
                throw new IllegalStateException("boom");
            }
            context.bus().sendResp(m.reply(m.content()));
        });
        fixture.add("m", module);

        Message failure = bus.sendSync("m", message("r/1"), LONG);
        Message answer = bus.sendSync("m", message("r/2", "7"), LONG);

        assertThat(failure.isError()).isTrue();
        assertThat(failure.content().json()).contains("boom");
        assertThat(answer.content().json()).isEqualTo("7");
        assertThat(module.calls).containsExactly("start", "stop", "start");
        assertThat(status("m").restarts()).isEqualTo(1);
    }

    @Test
    void moduleThatCannotStartIsTriedAgainAndIsUnhealthyMeanwhile() {
        AtomicInteger starts = new AtomicInteger();
        CountDownLatch maySucceed = new CountDownLatch(1);
        TestModule module = new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                super.start(context, handover);
                if (starts.incrementAndGet() < 3 || maySucceed.getCount() > 0) {
                    throw new IllegalStateException("no socket");
                }
            }
        };

        fixture.add("m", module);

        until("some failures", () -> starts.get() >= 3);
        until("says why", () -> bus.check().message().contains("m: "));
        maySucceed.countDown();
        until("active", () -> status("m").state() == State.ACTIVE);
        assertThat(bus.check()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void handoverThatMakesEveryStartFailIsGivenUp() {
        ModuleService first = fixture.add("m", new TestModule().leaving(new Handover(9, "?")));
        until("first active", () -> status("m").state() == State.ACTIVE);
        bus.remove(first);
        AtomicInteger refused = new AtomicInteger();

        fixture.add("m", new TestModule() {
            @Override
            public void start(ModuleContext context, Handover handover) {
                if (handover.version() == 9) {
                    refused.incrementAndGet();
                    throw new EdgeException(Reason.INVALID, "handover of version 9");
                }
            }
        });

        until("active in the end", () -> status("m").state() == State.ACTIVE);
        assertThat(refused.get()).isEqualTo(3);
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

    @Test
    void moduleThatWouldWaitForItselfIsToldSo() {
        List<Reason> reasons = Collections.synchronizedList(new ArrayList<>());
        fixture.add("m", new TestModule((context, m) -> {
            try {
                context.bus().sendSync("m", message("r/2"), LONG);
            } catch (EdgeException e) {
                reasons.add(e.reason());
            }
        }));

        bus.send("m", message("r/1"));

        until("refused", () -> reasons.size() == 1);
        assertThat(reasons).containsExactly(Reason.INVALID);
    }

    @Test
    void runningModuleCannotBeCleanedUpOrReadByOthers() {
        fixture.add("m", new TestModule());

        assertThatThrownBy(() -> bus.cleanup("m"))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
        assertThatThrownBy(() -> bus.receive("m"))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
    }

    @Test
    void removedOnPurposeMeansGone() {
        bus.remove(fixture.add("m", new TestModule()));

        bus.cleanup("m");

        assertThat(bus.list()).isEmpty();
        assertThat(bus.send("m", message("r/1"))).isEqualTo(Delivery.DROPPED);
    }

    @Test
    void unhealthyModuleMakesTheCheckFail() {
        fixture.add("m", new TestModule() {
            @Override
            public Health health() {
                return Health.unhealthy("NoLink", "broker is away");
            }
        });

        until("active", () -> status("m").state() == State.ACTIVE);

        assertThat(bus.check().ok()).isFalse();
        assertThat(bus.check().message()).isEqualTo("m: NoLink broker is away");
    }

    @Test
    void movesArePublishedAsEvents() {
        List<String> topics = Collections.synchronizedList(new ArrayList<>());
        fixture.events.listen("io/skep/module/*", event -> {
            assertThat(event.getProperty("module")).isEqualTo("m");
            topics.add(event.getTopic());
        });
        AtomicInteger count = new AtomicInteger();
        ModuleService service = fixture.add("m", new TestModule((context, m) -> {
            if (count.incrementAndGet() == 1) {
                throw new IllegalStateException("boom");
            }
        }));
        bus.send("m", message("r/1"));
        until("started again", () -> topics.size() >= 5);
        bus.remove(service);

        assertThat(topics)
                .containsExactly(
                        "io/skep/module/m/STARTING",
                        "io/skep/module/m/STARTED",
                        "io/skep/module/m/FAILED",
                        "io/skep/module/m/STARTING",
                        "io/skep/module/m/STARTED",
                        "io/skep/module/m/STOPPED");
    }

    private ModuleStatus status(String name) {
        return bus.list().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
