package io.skep.bus.internal;

import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

/** What tests of the host of modules share: a bus, and looks at its modules. */
abstract class HostTest {

    static final Duration LONG = Duration.ofSeconds(30);

    final BusFixture fixture = new BusFixture(BusFixture.limits(1024, 1000), Duration.ofMillis(500));
    final EventAdminMessageBus bus = fixture.bus;

    @AfterEach
    void close() {
        fixture.close();
    }

    ModuleStatus status(String name) {
        return bus.list().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
