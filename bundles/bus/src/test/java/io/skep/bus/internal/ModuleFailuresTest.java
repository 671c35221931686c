package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.host.ModuleService;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleRegistry.State;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Modules that throw, hang, or are not well, and what the host makes of it. */
class ModuleFailuresTest extends HostTest {

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
}
