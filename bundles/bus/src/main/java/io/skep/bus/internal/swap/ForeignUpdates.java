package io.skep.bus.internal.swap;

import io.skep.bus.internal.host.ModuleSwap;
import io.skep.bus.internal.host.SwapHost;
import io.skep.core.api.EdgeException;
import io.skep.core.api.module.EdgeModule;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Modules that somebody else replaces: {@code bundle:update}, a jar in {@code deploy/}, a feature. They get the same gate
 * as an operation of ours, and the former content comes back when the new one is not through it. For that the present
 * content of each module's bundle is kept aside as soon as the module is there. What others install or update, modules or
 * not, is brought to the disk.
 *
 * <p>Threads: the framework calls it on the thread of whoever changes a bundle; there it only takes notes and holds the
 * mailbox. Files and waits are left to the threads of the operations.
 */
final class ForeignUpdates implements AutoCloseable {

    /** What takes work for the threads of the operations. */
    interface Operations {

        /** Does {@code work} some time, after what was asked for before, or drops it when operations end. */
        void later(Runnable work);

        /** Does {@code supervision} as an operation on {@code module}, unless there is one already; then lets go of it. */
        void supervise(String module, Supervision supervision);

        /** Records that {@code module} was taken away, with what it was, which is kept before any work asked for later. */
        void removed(String module, PresentBundles.Kept former);

        /** Whether the calling thread is theirs: what it changes is supervised already. */
        boolean areCalling();
    }

    /** A changed bundle, and its module held until it is through the gate. */
    record Supervision(Bundle bundle, PresentBundles.Kept former, ModuleSwap swap, long stoppedNanos) {}

    private static final Logger LOG = LoggerFactory.getLogger(ForeignUpdates.class);
    private static final String MODULES = "(" + Constants.OBJECTCLASS + "=" + EdgeModule.class.getName() + ")";

    private final BundleContext context;
    private final SwapHost host;
    private final PresentBundles present;
    private final Operations operations;
    private final Map<Long, String> modules = new ConcurrentHashMap<>();
    private final Map<Long, Long> stopped = new ConcurrentHashMap<>();
    private final SynchronousBundleListener bundleListener = this::changed;
    private final ServiceListener serviceListener = this::changed;

    ForeignUpdates(BundleContext context, SwapHost host, PresentBundles present, Operations operations) {
        this.context = context;
        this.host = host;
        this.present = present;
        this.operations = operations;
    }

    /** Begins to look; modules that are there already are found. */
    void open() {
        context.addBundleListener(bundleListener);
        try {
            context.addServiceListener(serviceListener, MODULES);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        for (Bundle bundle : context.getBundles()) {
            Bundles.modules(bundle).forEach(module -> know(bundle, module));
            // Those that were there before us, and ourselves.
            if (FrameworkFiles.isFresh(bundle, System.currentTimeMillis())) {
                operations.later(() -> FrameworkFiles.sync(bundle));
            }
        }
    }

    /** Looks no more. */
    @Override
    public void close() {
        context.removeServiceListener(serviceListener);
        context.removeBundleListener(bundleListener);
    }

    private void changed(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED
                && event.getServiceReference().getProperty(EdgeModule.NAME) instanceof String module) {
            know(event.getServiceReference().getBundle(), module);
        }
    }

    private void know(Bundle bundle, String module) {
        modules.put(bundle.getBundleId(), module);
        operations.later(() -> present.keep(bundle));
    }

    private void changed(BundleEvent event) {
        Bundle bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.STOPPING -> stopped.put(bundle.getBundleId(), System.nanoTime());
            case BundleEvent.INSTALLED -> written(bundle);
            case BundleEvent.UPDATED -> {
                written(bundle);
                updated(bundle);
            }
            case BundleEvent.STARTED -> stopped.remove(bundle.getBundleId());
            case BundleEvent.UNINSTALLED -> forget(bundle);
            default -> {}
        }
    }

    // An operation does so itself, at its end.
    private void written(Bundle bundle) {
        if (!operations.areCalling()) {
            operations.later(() -> FrameworkFiles.sync(bundle));
        }
    }

    private void forget(Bundle bundle) {
        stopped.remove(bundle.getBundleId());
        String module = modules.remove(bundle.getBundleId());
        if (module == null) {
            return;
        }
        if (!operations.areCalling()) {
            host.departed(module);
            present.of(bundle).ifPresent(former -> removed(bundle, module, former));
        }
        operations.later(() -> present.drop(bundle));
    }

    private void removed(Bundle bundle, String module, PresentBundles.Kept former) {
        try {
            operations.removed(module, present.take(bundle, former));
        } catch (IOException e) {
            LOG.warn("removal not recorded: module={} reason={}", module, e.toString());
        }
    }

    // The framework tells of it while the bundle is down: the successor has not started yet.
    private void updated(Bundle bundle) {
        String module = modules.get(bundle.getBundleId());
        if (module == null || operations.areCalling() || !isToRun(bundle)) {
            return;
        }
        present.of(bundle)
                .ifPresentOrElse(
                        former -> hold(bundle, module, former),
                        () -> LOG.warn("update not supervised, the former bundle was not kept yet: module={}", module));
    }

    private void hold(Bundle bundle, String module, PresentBundles.Kept former) {
        ModuleSwap swap;
        try {
            swap = host.beginSwap(module);
        } catch (EdgeException e) {
            LOG.warn("update not supervised: module={} reason={}", module, e.getMessage());
            return;
        }
        long since = stopped.getOrDefault(bundle.getBundleId(), System.nanoTime());
        try {
            operations.supervise(module, new Supervision(bundle, present.take(bundle, former), swap, since));
        } catch (IOException e) {
            swap.flow();
            LOG.warn("update not supervised: module={} reason={}", module, e.toString());
        }
    }

    // Whoever stopped it for good before the update wants it down.
    private static boolean isToRun(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        return level != null && level.isPersistentlyStarted();
    }
}
