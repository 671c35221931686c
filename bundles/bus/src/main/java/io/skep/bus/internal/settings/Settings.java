package io.skep.bus.internal.settings;

import io.skep.bus.internal.swap.SettingChange;
import io.skep.bus.internal.swap.SettingSupervisor;
import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches changed settings and knows the last good ones. A module goes through an operation with its gate; of every other
 * component it only sees that it starts with the new values. Where it does not, the former come back, to the file too.
 *
 * <p>Threads: {@link #changed} runs on that of whoever changes a configuration, before the component hears of it; it
 * takes notes, and sees to the file ({@link SettingFiles}). {@code edge-settings}, there for as long as it has work, waits.
 */
public final class Settings implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 20;
    // One without a service that is being activated counts as active for a moment, whatever comes of it.
    private static final int SURE = 5;
    private static final int MOST_WAITING = 64;

    private final ConfigurationAdmin admin;
    private final Components components;
    private final SettingFiles files;
    private final Map<String, Values> good = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), Settings::thread);
    private volatile SettingSupervisor supervisor = (module, change) -> false;
    private volatile boolean closing;

    /**
     * Takes what is configured now for good.
     *
     * @param placeholders value of a name that a file may have as <code>${name}</code>; null when there is none
     */
    public Settings(
            BundleContext context,
            ConfigurationAdmin admin,
            ServiceComponentRuntime runtime,
            UnaryOperator<String> placeholders)
            throws IOException, InvalidSyntaxException {
        this.admin = admin;
        files = new SettingFiles(placeholders);
        components = new Components(runtime, context);
        thread.allowCoreThreadTimeOut(true);
        Configuration[] all = admin.listConfigurations(null);
        for (Configuration configuration : all == null ? new Configuration[0] : all) {
            Dictionary<String, Object> configured = configuration.getProperties();
            if (configured == null) {
                continue;
            }
            files.known(configuration.getPid(), configured);
            if (configuration.getFactoryPid() == null) {
                good.put(configuration.getPid(), Values.of(configured));
            }
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "edge-settings");
        thread.setDaemon(true);
        thread.setContextClassLoader(Settings.class.getClassLoader());
        return thread;
    }

    /** Who sees modules through a change from now on. */
    public void supervisor(SettingSupervisor now) {
        supervisor = now;
    }

    /** Hears of a change. */
    public void changed(ConfigurationEvent event) {
        String pid = event.getPid();
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            files.deleted(pid);
            good.remove(pid);
        } else if (event.getType() == ConfigurationEvent.CM_UPDATED) {
            Optional<Values> current = current(pid);
            current.ifPresent(now -> files.updated(pid, now));
            if (event.getFactoryPid() == null) {
                current.ifPresent(now -> changed(pid, now));
            }
        }
    }

    private void changed(String pid, Values now) {
        Values former = good.get(pid);
        Set<Components.Start> running = components.running(pid);
        if (former == null || former.same(now) || running.isEmpty()) {
            good.put(pid, now);
            return;
        }
        Change change = new Change(pid, former, now, running);
        boolean seen = components
                .module(pid)
                .filter(module -> supervisor.supervise(module, change))
                .isPresent();
        try {
            if (!seen) {
                thread.execute(() -> guard(change));
            }
        } catch (RejectedExecutionException e) {
            LOG.warn("change of settings is not looked after: {}", change.what());
        }
    }

    private Optional<Values> current(String pid) {
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + pid + ")");
            return Optional.ofNullable(found).map(f -> f[0].getProperties()).map(Values::of);
        } catch (IOException | InvalidSyntaxException e) {
            LOG.warn("settings not looked at: pid={} reason={}", pid, e.toString());
            return Optional.empty();
        }
    }

    private void guard(Change change) {
        try {
            Optional<String> failure = change.await(LIMIT, () -> closing);
            if (failure.isPresent()) {
                change.restore();
                LOG.error("setting refused, the former is back: {} reason={}", change.what(), failure.get());
            } else {
                change.accept();
            }
        } catch (IOException e) {
            LOG.error("setting refused, but the former could not be put back: {}", change.what(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks after nothing more. */
    @Override
    public void close() {
        closing = true;
        thread.shutdown();
    }

    private final class Change implements SettingChange {
        private final String pid;
        private final Values former;
        private final Values now;
        private final Set<Components.Start> before;
        private volatile String known = "";

        Change(String pid, Values former, Values now, Set<Components.Start> running) {
            this.pid = pid;
            this.former = former;
            this.now = now;
            this.before = new HashSet<>(running);
        }

        @Override
        public String what() {
            return "pid=" + pid + " " + former.difference(now);
        }

        @Override
        public Optional<String> await(Duration limit, BooleanSupplier abort) throws InterruptedException {
            long end = System.nanoTime() + limit.toNanos();
            int seen = 0;
            while (System.nanoTime() - end < 0 && !abort.getAsBoolean() && seen < SURE) {
                Optional<String> failure = failure();
                if (failure.isPresent()) {
                    return failure;
                }
                seen = started() ? seen + 1 : 0;
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            return failure();
        }

        private boolean started() {
            Set<Components.Start> fresh = new HashSet<>(components.running(pid));
            fresh.removeAll(before);
            return !fresh.isEmpty() && fresh.stream().allMatch(components::serves);
        }

        // The runtime shows a failure until the former values have reached it.
        @Override
        public Optional<String> failure() {
            return components.failure(pid).filter(f -> !f.equals(known));
        }

        @Override
        public void accept() {
            current(pid).ifPresent(values -> good.put(pid, values));
        }

        @Override
        public void restore() throws IOException {
            if (current(pid).filter(now::same).isPresent()) {
                before.addAll(components.running(pid));
                known = components.failure(pid).orElse("");
                admin.getConfiguration(pid, "?").update(former.dictionary());
            }
        }
    }
}
