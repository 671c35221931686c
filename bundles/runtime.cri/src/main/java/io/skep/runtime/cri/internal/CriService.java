package io.skep.runtime.cri.internal;

import io.skep.runtime.api.PodRuntime;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the runtime {@code cri} once there is a socket to an engine, and from then on: an engine that goes away is away,
 * not gone. The service is registered by hand because whether it exists depends on the machine, which no annotation can
 * say. Before that the bundle costs one sleeping thread, {@code edge-cri-socket}; it ends with the first socket.
 */
@Component(service = CriService.class, immediate = true, configurationPid = CriConfig.PID)
@Designate(ocd = CriConfig.class)
public final class CriService {

    private static final Logger LOG = LoggerFactory.getLogger(CriService.class);
    private static final long LOOK_SECONDS = 2;

    private final BundleContext context;
    private final CriSettings settings;
    private final ScheduledExecutorService looking;
    private volatile CriRuntime runtime;
    private ServiceRegistration<PodRuntime> registration;
    private boolean stopped;

    /** A socket that is there already is used before this returns, so that no pod is given to another runtime first. */
    @Activate
    public CriService(BundleContext context, CriConfig config) {
        this.context = context;
        this.settings = CriSettings.from(config);
        this.looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "edge-cri-socket");
            thread.setDaemon(true);
            return thread;
        });
        look();
        if (!offered() && !settings.sockets().isEmpty()) {
            looking.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        } else {
            looking.shutdown();
        }
    }

    /** Leaves every container running. */
    @Deactivate
    void stop() {
        looking.shutdownNow();
        Optional<ServiceRegistration<PodRuntime>> offered;
        synchronized (this) {
            stopped = true;
            offered = Optional.ofNullable(registration);
            registration = null;
        }
        offered.ifPresent(ServiceRegistration::unregister);
        if (runtime != null) {
            runtime.close();
        }
    }

    private synchronized boolean offered() {
        return registration != null;
    }

    private void look() {
        Optional<Path> socket = settings.engine();
        if (socket.isEmpty()) {
            return;
        }
        looking.shutdown();
        LOG.info("container engine found: socket={}", socket.get());
        runtime = CriRuntime.on(socket.get(), settings);
        ServiceRegistration<PodRuntime> made =
                context.registerService(PodRuntime.class, runtime, new Hashtable<>(Map.of(PodRuntime.NAME, "cri")));
        boolean late;
        synchronized (this) {
            late = stopped;
            registration = late ? null : made;
        }
        if (late) {
            made.unregister();
            runtime.close();
        }
    }
}
