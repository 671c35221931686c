package io.skep.metaserver.internal;

import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One selection of the cloud's objects that the node is told of, and who watches it here. Thread-safe. */
final class Subscription {

    /** One watch on the node. */
    final class Client implements ResourceStore.Watch {
        private final ResourceStore.Watcher watcher;
        private ResourceStore.Watch watch = () -> {};
        private boolean closed;

        private Client(ResourceStore.Watcher watcher) {
            this.watcher = watcher;
        }

        /** The memory tells it of changes from now on. */
        void began(ResourceStore.Watch begun) {
            boolean late;
            synchronized (this) {
                watch = begun;
                late = closed;
            }
            if (late) {
                begun.close();
            }
        }

        @Override
        public void close() {
            ResourceStore.Watch begun;
            synchronized (this) {
                closed = true;
                begun = watch;
            }
            begun.close();
            left(this);
        }
    }

    private final Selection selection;
    private final Runnable whenIdle;
    private final List<Client> clients = new ArrayList<>();
    private volatile boolean taken;
    private volatile boolean complete;
    private final AtomicBoolean behind = new AtomicBoolean();

    /** @param whenIdle runs when the last client has left */
    Subscription(Selection selection, Runnable whenIdle) {
        this.selection = selection;
        this.whenIdle = whenIdle;
    }

    Selection selection() {
        return selection;
    }

    ResourceKind kind() {
        return selection.kind();
    }

    /** Whether MetaManager has one place for objects of both. */
    boolean sharesRows(Subscription other) {
        return Row.type(kind()).equals(Row.type(other.kind())) && !kind().equals(other.kind());
    }

    /** For logs. */
    String name() {
        return kind().qualifiedPlural();
    }

    synchronized Client join(ResourceStore.Watcher watcher) {
        Client client = new Client(watcher);
        clients.add(client);
        return client;
    }

    private void left(Client client) {
        boolean idle;
        synchronized (this) {
            idle = clients.remove(client) && clients.isEmpty();
        }
        if (idle) {
            whenIdle.run();
        }
    }

    synchronized boolean isIdle() {
        return clients.isEmpty();
    }

    /** Ends the watches of all clients. */
    void end(Status why) {
        List<Client> all;
        synchronized (this) {
            all = List.copyOf(clients);
        }
        all.forEach(client -> {
            client.close();
            client.watcher.closed(why);
        });
    }

    /** Whether the cloud has agreed to tell of it. */
    boolean isTaken() {
        return taken;
    }

    void taken(boolean now) {
        taken = now;
    }

    /**
     * Says whether the memory is about to catch up with the cloud.
     *
     * @return whether that is new
     */
    boolean setBehind(boolean now) {
        return behind.getAndSet(now) != now;
    }

    /** Whether the memory had all of it once. */
    boolean isComplete() {
        return complete;
    }

    void complete() {
        complete = true;
    }
}
