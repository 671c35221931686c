package io.skep.metaserver.internal;

import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.util.ArrayList;
import java.util.List;

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

    /** @param whenIdle runs when the last client has left */
    Subscription(Selection selection, Runnable whenIdle) {
        this.selection = selection;
        this.whenIdle = whenIdle;
    }

    Selection selection() {
        return selection;
    }

    /** For logs. */
    String kind() {
        return selection.kind().qualifiedPlural();
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

    /** Whether the memory had all of it once. */
    boolean isComplete() {
        return complete;
    }

    void complete() {
        complete = true;
    }
}
