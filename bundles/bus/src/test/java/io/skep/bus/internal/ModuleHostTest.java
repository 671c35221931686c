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
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleRegistry.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How modules come, follow one another and go. */
class ModuleHostTest extends HostTest {

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
}
