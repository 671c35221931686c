package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static io.skep.bus.internal.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.host.HostSettings;
import io.skep.bus.internal.mail.Limits;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bus bundle itself is updated while the process runs, or the process is restarted. */
class BusReplacementTest {

    private final InMemoryDocumentStore store = new InMemoryDocumentStore();

    @Test
    void waitingMessagesAreThereForTheNextBusInOrder() {
        BusFixture old = new BusFixture(BusFixture.limits(5, 1000));
        old.bus.bindStore(store);
        old.bus.addModuleGroup("m", "g");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Message message = message("r/" + i);
            assertThat(old.bus.send("m", message).taken()).isTrue();
            sent.add(message.id());
        }
        old.close();

        try (BusFixture next = new BusFixture(BusFixture.limits(5, 1000))) {
            next.bus.bindStore(store);
            TestModule module = new TestModule();
            next.add("m", module);

            List<String> got = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                got.add(module.next().id());
            }
            assertThat(got).isEqualTo(sent);
        }
    }

    // A refresh of a contract stops bus and store in any order.
    @Test
    void messagesThatWaitWhenTheStoreGoesBeforeTheBusAreThereForTheNextInOrder() {
        Path folder = BusFixture.freshFolder();
        List<String> sent = new ArrayList<>();
        Limits limits = BusFixture.limits(5, 1000);
        BusFixture old = new BusFixture(limits, Duration.ofSeconds(5), folder);
        old.bus.bindStore(store);
        old.bus.addModuleGroup("m", "g");
        for (int i = 0; i < 8; i++) {
            Message message = message("r/" + i);
            assertThat(old.bus.send("m", message).taken()).isTrue();
            sent.add(message.id());
        }
        old.bus.unbindStore(store);
        old.close();
        // One without a store in between takes nothing away.
        new BusFixture(limits, Duration.ofSeconds(5), folder).close();

        try (BusFixture next = new BusFixture(limits, Duration.ofSeconds(5), folder)) {
            next.bus.bindStore(store);
            TestModule module = new TestModule();
            next.add("m", module);

            List<String> got = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                got.add(module.next().id());
            }
            assertThat(got).isEqualTo(sent);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void modulesGetTheirHandoverFromTheNextBus() {
        Handover left = new Handover(2, "line one\nline two");
        BusFixture old = new BusFixture();
        old.bus.bindStore(store);
        old.add("m", new TestModule().leaving(left));
        until("active", () -> old.bus.list().get(0).state() == State.ACTIVE);
        old.close();

        EventAdminMessageBus next = unopened(Map.of());
        next.bindStore(store);
        TestModule module = new TestModule();
        next.add(BusFixture.service("m", module));
        next.open();

        until("active", () -> next.list().get(0).state() == State.ACTIVE);
        assertThat(module.given).isEqualTo(left);
        assertThat(store.count("handover", "")).isZero();
        next.close();
    }

    @Test
    void handoverOfAnotherProcessIsThrownAway() {
        Handovers other = new Handovers("1@2026-01-01T00:00:00Z");
        other.attach(store);
        other.save(Map.of("m", new Handover(1, "x")));
        Handovers ours = new Handovers();
        ours.attach(store);

        assertThat(ours.restore()).isEmpty();
        assertThat(store.count("handover", "")).isZero();
    }

    // At boot edged may be there before metamanager: what it sends must wait, not be dropped.
    @Test
    void messagesToAnExpectedModuleWaitForItAndTheRoleIsNotReadyWithoutIt() {
        EventAdminMessageBus bus = unopened(Map.of("metamanager", "meta"));
        bus.open();
        Message early = message("r/1");

        assertThat(bus.send("metamanager", early)).isEqualTo(Delivery.ACCEPTED);
        assertThat(bus.sendToGroup("meta", early)).isEqualTo(Delivery.ACCEPTED);
        assertThat(bus.check().message()).contains("metamanager: Absent");

        TestModule module = new TestModule();
        bus.add(BusFixture.service("metamanager", module));
        assertThat(module.next()).isEqualTo(early);
        until("ready", () -> bus.check().ok());
        bus.close();
    }

    // A damaged or closing store must not keep the modules from running.
    @Test
    void storeThatFailsCostsTheOverflowAndNothingElse() {
        DocumentStore broken = (DocumentStore) Proxy.newProxyInstance(
                DocumentStore.class.getClassLoader(), new Class<?>[] {DocumentStore.class}, (proxy, method, args) -> {
                    throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "store is closing");
                });
        EventAdminMessageBus bus = unopened(Map.of());
        bus.bindStore(broken);
        TestModule module = new TestModule();
        bus.add(BusFixture.service("m", module));
        bus.open();
        Message sent = message("r/1");

        bus.send("m", sent);

        assertThat(module.next()).isEqualTo(sent);
        bus.close();
    }

    @Test
    void closingTwiceIsHarmless() {
        BusFixture fixture = new BusFixture();

        fixture.close();
        fixture.close();

        assertThat(fixture.bus.send("m", message("r/1"))).isEqualTo(Delivery.DROPPED);
    }

    private static EventAdminMessageBus unopened(Map<String, String> expected) {
        BusSettings settings = new BusSettings(
                expected,
                new Limits(1024, 1000, Duration.ZERO),
                2,
                10,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                new HostSettings(BusFixture.QUICK, Duration.ofSeconds(5), Duration.ofSeconds(5)));
        return new EventAdminMessageBus(
                new SynchronousEventAdmin(), settings, BusFixture.freshFolder(), InstantSource.system());
    }
}
