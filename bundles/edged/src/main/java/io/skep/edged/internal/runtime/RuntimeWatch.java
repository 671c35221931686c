package io.skep.edged.internal.runtime;

import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.link.Errors;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxStatus;
import io.skep.runtime.api.RuntimeInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows each runtime: hears its events, and lists all it has when it comes and, as a repair, now and then. Belongs to
 * the module's thread.
 */
public final class RuntimeWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RuntimeWatch.class);

    /** The reason of a runtime that does not answer. */
    private static final String AWAY = "RuntimeAway";

    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Hears what the runtimes tell. */
    public interface Listener {
        /** All a runtime has, seen at one moment. */
        void listed(String runtime, List<PodSandboxStatus> sandboxes, List<ContainerStatus> containers);

        /** One change. */
        void changed(String runtime, ContainerEvent event);

        /** The runtime answers again; {@link #listed} follows. */
        void back(String runtime);

        /** What the runtime says of itself may have changed. */
        void stated();

        /** The runtime is gone, for now. */
        void lost(String runtime);
    }

    private record Listing(RuntimeInfo info, List<PodSandboxStatus> sandboxes, List<ContainerStatus> containers) {}

    private static final class Followed {
        PodRuntime runtime;
        PodRuntime.Subscription changes = () -> {};
        PodRuntime.Subscription states = () -> {};
        Optional<RuntimeInfo> info = Optional.empty();
        Timer retry = () -> {};
        boolean away;
        boolean listed;
        boolean listing;
        boolean again;

        void close() {
            retry.cancel();
            changes.close();
            states.close();
        }
    }

    private final ModuleContext context;
    private final Runtimes runtimes;
    private final Listener listener;
    private final Duration period;
    private final Map<String, Followed> followed = new HashMap<>();
    private Timer relist = () -> {};

    public RuntimeWatch(ModuleContext context, Runtimes runtimes, Listener listener, Duration period) {
        this.context = context;
        this.runtimes = runtimes;
        this.listener = listener;
        this.period = period;
    }

    /** Begins to follow the runtimes there are and those that come. */
    public void start() {
        runtimes.onChange(name -> context.execute(() -> refresh(name)));
        runtimes.names().forEach(this::refresh);
        relist = context.every(period, this::listAll);
    }

    /** Hears no more; the runtimes go on. */
    public void stop() {
        runtimes.onChange(name -> {});
        relist.cancel();
        followed.values().forEach(Followed::close);
        followed.clear();
    }

    /** Whether what the runtime has was told since it came. */
    public boolean listed(String name) {
        Followed state = followed.get(name);
        return state != null && state.listed;
    }

    /** What the runtimes said of themselves last. */
    public Map<String, RuntimeInfo> infos() {
        Map<String, RuntimeInfo> infos = new HashMap<>();
        followed.forEach((name, state) -> state.info.ifPresent(info -> infos.put(name, info)));
        return infos;
    }

    /** Lists every runtime now. */
    public void listAll() {
        List.copyOf(followed.keySet()).forEach(this::list);
    }

    /** Lists a runtime now. */
    public void list(String name) {
        Followed state = followed.get(name);
        if (state == null || state.listing) {
            return;
        }
        state.again = false;
        state.listing = true;
        PodRuntime runtime = state.runtime;
        context.work(
                "runtime/" + name,
                () -> new Listing(runtime.info(), runtime.listPodSandboxes(), runtime.listContainers()),
                (listing, error) -> {
                    if (followed.get(name) == state) {
                        state.listing = false;
                        take(name, state, listing, error);
                        if (state.again) {
                            list(name);
                        }
                    }
                });
    }

    private void take(String name, Followed state, Listing listing, Exception error) {
        if (error != null) {
            if (!state.away) {
                LOG.warn("runtime does not answer: runtime={} reason={}", name, Errors.text(error));
            }
            state.away = true;
            state.info = Optional.of(away(name, state.info, Errors.text(error)));
            again(name, state);
            listener.stated();
            return;
        }
        if (state.away) {
            state.away = false;
            listener.back(name);
        }
        if (state.info.filter(RuntimeInfo::ready).isEmpty() && listing.info().ready()) {
            LOG.info(
                    "runtime is ready: runtime={} version={} containers={}",
                    name,
                    listing.info().version(),
                    listing.containers().size());
        }
        state.info = Optional.of(listing.info());
        runtimes.introduced(name, listing.info().name());
        state.listed = true;
        listener.listed(name, listing.sandboxes(), listing.containers());
        listener.stated();
        if (!listing.info().ready()) {
            again(name, state);
        }
    }

    private void again(String name, Followed state) {
        state.retry.cancel();
        state.retry = context.after(RETRY, () -> list(name));
    }

    private static RuntimeInfo away(String name, Optional<RuntimeInfo> before, String why) {
        return new RuntimeInfo(
                before.map(RuntimeInfo::name).orElse(name),
                before.map(RuntimeInfo::version).orElse(""),
                false,
                AWAY,
                why);
    }

    /** What it says of itself changed; one listing under way may have begun before that. */
    private void told(String name, Followed state) {
        if (followed.get(name) == state) {
            state.again = state.listing;
            list(name);
        }
    }

    private void refresh(String name) {
        Optional<PodRuntime> now = runtimes.get(name);
        Followed before = followed.get(name);
        if (before != null && Objects.equals(before.runtime, now.orElse(null))) {
            return;
        }
        if (before != null) {
            before.close();
            followed.remove(name);
            LOG.info("runtime is gone, its containers stay: runtime={}", name);
            listener.lost(name);
        }
        now.ifPresent(runtime -> follow(name, runtime));
    }

    private void follow(String name, PodRuntime runtime) {
        Followed state = new Followed();
        state.runtime = runtime;
        state.states = runtime.subscribeInfo(() -> context.execute(() -> told(name, state)));
        state.changes = runtime.subscribe(event -> context.execute(() -> {
            if (followed.get(name) == state) {
                listener.changed(name, event);
            }
        }));
        followed.put(name, state);
        list(name);
    }

    /** Why a runtime can't run pods, in kubelet's words; {@code ""} when it can. */
    public static String trouble(RuntimeInfo info) {
        if (info.ready()) {
            return "";
        }
        if (info.reason().equals(AWAY)) {
            return "container runtime is down: " + info.message();
        }
        String what =
                info.reason().startsWith("Network") ? "network not ready: NetworkReady" : "not ready: RuntimeReady";
        return "container runtime " + what + "=false reason:" + info.reason() + " message:" + info.message();
    }
}
