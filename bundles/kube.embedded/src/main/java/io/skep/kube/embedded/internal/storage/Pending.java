package io.skep.kube.embedded.internal.storage;

import java.util.concurrent.CompletableFuture;

/** A write that is on its way to the disk. The journal's lock guards how it ended; the outcome is told outside of it. */
final class Pending {

    final Change change;
    final CompletableFuture<Change> outcome = new CompletableFuture<>();
    private boolean settled;
    private Throwable failure;

    Pending(Change change) {
        this.change = change;
    }

    /** @param why {@code null} when it is on disk */
    void settle(Throwable why) {
        settled = true;
        failure = why;
    }

    boolean isSettled() {
        return settled;
    }

    boolean isStored() {
        return settled && failure == null;
    }

    /** Tells the writer. */
    void tell() {
        if (failure == null) {
            outcome.complete(change);
        } else {
            outcome.completeExceptionally(failure);
        }
    }
}
