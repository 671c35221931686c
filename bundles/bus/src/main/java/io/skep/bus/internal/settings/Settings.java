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
 * component it only sees that it starts with the new values, however long that takes. Where it does not, the former come
 * back, to the file too. Values are good once the component serves; until then a change has the way back of the one before.
 *
 * <p>Threads: {@link #changed} runs on that of whoever changes a configuration, before the component hears of it; it
 * takes notes, and sees to the file ({@link SettingFiles}). {@link Looks} has the one that looks.
 */
public final class Settings implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(5);
    // One without a service that is being activated counts as active for a moment, whatever comes of it.
    private static final int SURE = 5;

    private final ConfigurationAdmin admin;
    private final Components components;
    private final SettingFiles files;
    private final Map<String, Values> good = new ConcurrentHashMap<>();
    private final Map<String, Change> open = new ConcurrentHashMap<>();
    private final Looks looks;
    private volatile SettingSupervisor supervisor = (module, change) -> false;

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
        this(new Components(runtime, context), admin, placeholders, new LookThread());
    }

    Settings(Components components, ConfigurationAdmin admin, UnaryOperator<String> placeholders, Looks looks)
            throws IOException, InvalidSyntaxException {
        this.admin = admin;
        this.components = components;
        this.looks = looks;
        files = new SettingFiles(placeholders);
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

    /** Who sees modules through a change from now on. */
    public void supervisor(SettingSupervisor now) {
        supervisor = now;
    }

    /** Hears of a change. */
    public void changed(ConfigurationEvent event) {
        String pid = event.getPid();
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            files.deleted(pid);
            open.remove(pid);
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
        boolean tried = open.containsKey(pid) || !running.isEmpty();
        if (former == null || former.same(now) || !tried) {
            open.remove(pid);
            good.put(pid, now);
            return;
        }
        Change before = open.get(pid);
        if (before != null && before.now.same(now)) {
            // File Install has read them from the file they were written to as well.
            return;
        }
        Change change = new Change(pid, former, now, running, before == null ? former : before.now);
        open.put(pid, change);
        boolean seen = components
                .module(pid)
                .filter(module -> supervisor.supervise(module, change))
                .isPresent();
        if (!seen) {
            looks.after(Duration.ZERO, () -> look(change));
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

    private void look(Change change) {
        if (!change.isOpen()) {
            return;
        }
        Optional<String> failure = change.failure();
        if (failure.isPresent()) {
            takeBack(change, failure.get());
        } else if (change.serves()) {
            change.accept();
        } else {
            looks.after(change.pause(), () -> look(change));
        }
    }

    private void takeBack(Change change, String why) {
        try {
            if (change.restore()) {
                LOG.error("setting refused, the former is back: {} reason={}", change.what(), why);
            }
        } catch (IOException e) {
            LOG.error("setting refused, but the former could not be put back: {}", change.what(), e);
        }
    }

    /** Looks after nothing more. */
    @Override
    public void close() {
        looks.close();
    }

    private final class Change implements SettingChange {
        private final String pid;
        private final Values former;
        private final Values now;
        private final Set<Components.Start> before;
        private volatile Values tried;
        private volatile Values replaced;
        private volatile String known;
        private volatile int repeated;
        private Duration pause = LOOK;
        private int seen;

        /** @param replaced what was configured until now: the former, or values that were still being tried */
        Change(String pid, Values former, Values now, Set<Components.Start> running, Values replaced) {
            this.pid = pid;
            this.former = former;
            this.now = now;
            this.tried = now;
            this.before = new HashSet<>(running);
            this.replaced = replaced;
            this.known = components.failure(pid).orElse("");
        }

        @Override
        public String what() {
            return "pid=" + pid + " " + former.difference(now);
        }

        @Override
        public Optional<String> await(Duration limit, BooleanSupplier abort) throws InterruptedException {
            long end = System.nanoTime() + limit.toNanos();
            seen = 0;
            while (System.nanoTime() - end < 0 && !abort.getAsBoolean()) {
                Optional<String> failure = failure();
                if (failure.isPresent() || serves()) {
                    return failure;
                }
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
            return failure().or(() -> Optional.of("the component did not start within " + limit.toSeconds() + " s"));
        }

        /** Whether the component does its work with the values; sure only after a few looks. */
        boolean serves() {
            Set<Components.Start> fresh = new HashSet<>(components.running(pid));
            fresh.removeAll(before);
            boolean started = !fresh.isEmpty() && fresh.stream().allMatch(components::serves);
            seen = started ? seen + 1 : 0;
            return seen >= SURE;
        }

        /** Until the next look: a fiftieth longer each time that nothing has started. */
        Duration pause() {
            if (seen == 0 && pause.compareTo(MOST_PAUSE) < 0) {
                pause = pause.plus(pause.dividedBy(50));
            }
            return seen == 0 ? pause : LOOK;
        }

        /** Whether it was neither taken nor taken back, nor followed by another change. */
        boolean isOpen() {
            return open.get(pid) == this;
        }

        // The runtime shows a failure until the next values have reached the component, and a little longer.
        @Override
        public Optional<String> failure() {
            Optional<String> failure = components.failure(pid);
            if (failure.isEmpty() || !failure.get().equals(known)) {
                return failure;
            }
            repeated = components.failedWith(pid, tried, replaced) ? repeated + 1 : 0;
            return repeated >= SURE ? failure : Optional.empty();
        }

        @Override
        public void accept() {
            if (open.remove(pid, this)) {
                good.put(pid, now);
            }
        }

        @Override
        public boolean restore() throws IOException {
            if (!open.remove(pid, this)) {
                return false;
            }
            before.addAll(components.running(pid));
            known = components.failure(pid).orElse("");
            tried = former;
            replaced = now;
            admin.getConfiguration(pid, "?").update(former.dictionary());
            return true;
        }
    }
}
