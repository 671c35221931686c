package io.skep.kube.embedded.internal;

import io.skep.core.api.EdgeException;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.storage.Change;
import io.skep.kube.embedded.internal.storage.Draft;
import io.skep.kube.embedded.internal.storage.Journal;
import io.skep.kube.embedded.internal.storage.ParsedCache;
import io.skep.kube.embedded.internal.storage.Stored;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checked objects on their way into the journal. Each method waits for the disk and speaks of failures in the API server's
 * words; {@link Journal.Overtaken} is left to the caller. Any thread.
 */
final class Writes {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** As etcd, whose default limit of a request is 1.5 MiB. */
    private static final int MOST_CHARS = 3 << 19;

    private final Journal journal;
    private final ParsedCache cache;

    Writes(Journal journal, ParsedCache cache) {
        this.journal = journal;
        this.cache = cache;
    }

    /** The object as it will be stored; {@code TOO_LARGE} when it can't be. */
    static Draft draft(ObjectKey key, KubeObject object) {
        Draft draft = Draft.of(object);
        if (draft.length() > MOST_CHARS) {
            throw new KubeException(Status.of(Status.TOO_LARGE, 413, "etcdserver: request is too large (" + key + ")"));
        }
        return draft;
    }

    /** Creates an object in a namespace that still exists when its turn comes. */
    KubeObject create(ObjectKey key, Draft draft) {
        return after(journal.write(key, Optional.empty(), Optional.of(draft), newest -> {
            if (key.kind().namespaced() && !newest.exists(ObjectKey.of(Kinds.NAMESPACE, key.namespace()))) {
                throw new KubeException(Status.notFound(Kinds.NAMESPACE, key.namespace()));
            }
        }));
    }

    /** Puts {@code object} in the place of {@code base}. */
    KubeObject replace(ObjectKey key, Stored base, KubeObject object) {
        return after(journal.write(key, Optional.of(base), Optional.of(draft(key, object)), newest -> {}));
    }

    /** Removes an object; a namespace only when nothing is left in it. */
    void remove(ObjectKey key, Stored base) {
        await(journal.write(key, Optional.of(base), Optional.empty(), newest -> {
            if (key.kind().equals(Kinds.NAMESPACE) && newest.holdsAny(key.name())) {
                throw new KubeException(Status.conflict(key.kind(), key.name(), "the namespace is not empty"));
            }
        }));
    }

    private KubeObject after(CompletableFuture<Change> write) {
        return cache.parse(await(write).after().orElseThrow());
    }

    private static Change await(CompletableFuture<Change> write) {
        try {
            return write.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubeException(Status.of(Status.SERVICE_UNAVAILABLE, 503, "interrupted while writing"), e);
        } catch (TimeoutException e) {
            throw new KubeException(
                    Status.of(Status.TIMEOUT, 504, "the disk did not confirm the write within " + LIMIT), e);
        } catch (ExecutionException e) {
            throw notWritten(e.getCause());
        }
    }

    private static KubeException notWritten(Throwable cause) {
        if (cause instanceof EdgeException e && e.reason() == EdgeException.Reason.INVALID) {
            return new KubeException(Status.of(Status.TOO_LARGE, 413, e.getMessage()), e);
        }
        return new KubeException(
                Status.of(Status.SERVICE_UNAVAILABLE, 503, "the write was not stored: " + cause.getMessage()), cause);
    }
}
