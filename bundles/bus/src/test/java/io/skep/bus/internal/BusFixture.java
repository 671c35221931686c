package io.skep.bus.internal;

import io.skep.bus.internal.host.HostSettings;
import io.skep.bus.internal.host.ModuleService;
import io.skep.bus.internal.host.RestartPolicy;
import io.skep.bus.internal.mail.Limits;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.EdgeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A bus on a synchronous Event Admin, with short pauses. */
final class BusFixture implements AutoCloseable {

    static final RestartPolicy QUICK =
            new RestartPolicy(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofSeconds(60));

    final SynchronousEventAdmin events = new SynchronousEventAdmin();
    final EventAdminMessageBus bus;
    private static final AtomicLong SERVICE_IDS = new AtomicLong();

    BusFixture() {
        this(limits(1024, 1000));
    }

    BusFixture(Limits limits) {
        this(limits, Duration.ofSeconds(5));
    }

    BusFixture(Limits limits, Duration drain) {
        this(limits, drain, freshFolder());
    }

    BusFixture(Limits limits, Duration drain, Path folder) {
        this(limits, drain, folder, Duration.ofHours(1));
    }

    BusFixture(Limits limits, Duration drain, Path folder, Duration absent) {
        BusSettings settings = new BusSettings(
                Map.of(),
                limits,
                4,
                100,
                Duration.ofSeconds(1),
                absent,
                new HostSettings(QUICK, drain, Duration.ofSeconds(5)));
        bus = new EventAdminMessageBus(events, settings, folder, InstantSource.system());
        events.listen("io/skep/bus/*", bus);
        bus.open();
    }

    static Path freshFolder() {
        try {
            return Files.createTempDirectory(Path.of("target"), "bus");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Limits limits(int size, long quota) {
        return new Limits(size, quota, Duration.ZERO);
    }

    static ModuleService service(String name, EdgeModule module) {
        return service(name, 0, module);
    }

    static ModuleService service(String name, int ranking, EdgeModule module) {
        return new ModuleService(SERVICE_IDS.incrementAndGet(), name, name + "-group", ranking, "test/1.0.0", module);
    }

    ModuleService add(String name, EdgeModule module) {
        ModuleService service = service(name, module);
        bus.add(service);
        return service;
    }

    static Message message(String resource) {
        return Message.of(Route.of("test", "resource", Operation.UPDATE, resource), Content.EMPTY);
    }

    static Message message(String resource, String json) {
        return message(resource).withContent(new Content.Json(json));
    }

    @Override
    public void close() {
        bus.close();
    }
}
