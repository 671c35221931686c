package io.skep.edgecontroller.internal.dynamic;

import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.edgecontroller.internal.Reflector;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One kind, mirrored once for all who watch it, and told to each what it asked for. State of the module's thread.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/dynamiccontroller/application/eventhandler.go}. Changed: an object that stops
 * matching is sent once more, so that the node sees it go.
 */
final class KindFeed implements Reflector.Listener {

    /** EdgeCore waits 10 s for the answer to an application. */
    private static final Duration LIST_LIMIT = Duration.ofSeconds(8);

    /** Most objects one watch may begin with; the hub keeps up to some thousand for a node, the rest would be lost. */
    static final int MOST_OBJECTS = 2000;

    private record Waiting(Listener listener, Consumer<Optional<Status>> then, ModuleContext.Timer limit) {}

    private final ModuleContext context;
    private final Outbox outbox;
    private final ResourceKind kind;
    private final Reflector mirror;
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    KindFeed(ModuleContext context, ResourceStore store, Outbox outbox, ResourceKind kind) {
        this.context = context;
        this.outbox = outbox;
        this.kind = kind;
        this.mirror = new Reflector(context, store, kind, "", this);
    }

    void start() {
        mirror.start();
    }

    void stop() {
        waiting.values().forEach(w -> w.limit().cancel());
        mirror.stop();
    }

    /**
     * Takes a listener in and sends it what there is, once that is known.
     *
     * @param then hears when that is done, or why it will not be; the listener is out again then
     */
    void add(Listener listener, Consumer<Optional<Status>> then) {
        remove(listener);
        if (mirror.synced()) {
            begin(listener, then);
            return;
        }
        ModuleContext.Timer limit = context.after(LIST_LIMIT, () -> {
            if (waiting.remove(listener.key()) != null) {
                then.accept(Optional.of(Refusals.unavailable(kind.qualifiedPlural() + " are not listed yet")));
            }
        });
        waiting.put(listener.key(), new Waiting(listener, then, limit));
    }

    void remove(Listener listener) {
        listeners.remove(listener.key());
        Waiting waits = waiting.remove(listener.key());
        if (waits != null) {
            waits.limit().cancel();
        }
    }

    boolean isIdle() {
        return listeners.isEmpty() && waiting.isEmpty();
    }

    private void begin(Listener listener, Consumer<Optional<Status>> then) {
        List<KubeObject> there =
                mirror.objects().stream().filter(listener::matches).toList();
        if (there.size() > MOST_OBJECTS) {
            then.accept(Optional.of(Refusals.tooLarge("a watch may begin with at most " + MOST_OBJECTS
                            + " objects, there are " + there.size() + "; use a namespace or a selector")
                    .status()));
            return;
        }
        there.forEach(object -> outbox.push(listener.node(), Operation.INSERT, object));
        listeners.put(listener.key(), listener);
        then.accept(Optional.empty());
    }

    @Override
    public void changed(KubeObject object, Optional<KubeObject> before, boolean listed) {
        for (Listener listener : listeners.values()) {
            boolean seen = before.filter(listener::matches).isPresent();
            if (seen || listener.matches(object)) {
                outbox.push(listener.node(), seen ? Operation.UPDATE : Operation.INSERT, object);
            }
        }
    }

    @Override
    public void deleted(KubeObject last) {
        for (Listener listener : listeners.values()) {
            if (listener.matches(last)) {
                outbox.push(listener.node(), Operation.DELETE, last);
            }
        }
    }

    @Override
    public void listed() {
        for (Waiting waits : List.copyOf(waiting.values())) {
            waiting.remove(waits.listener().key());
            waits.limit().cancel();
            begin(waits.listener(), waits.then());
        }
    }
}
