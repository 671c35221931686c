package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceStore;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** All open watches. */
public final class WatchStreams {

    /** Where the client doesn't say: 30 to 60 minutes, as Kubernetes' {@code --min-request-timeout} has it. */
    private static final Duration SHORTEST = Duration.ofMinutes(30);

    private static final int MOST = 1_000;

    private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();

    /** Begins a watch in the store. */
    interface Starter {
        ResourceStore.Watch start(ResourceStore.Watcher watcher);
    }

    /**
     * Makes the request asynchronous and streams the watch.
     *
     * @throws KubeException as the store refuses the watch; the request is then not asynchronous
     */
    void start(
            HttpServletRequest request,
            HttpServletResponse response,
            OptionalLong timeoutSeconds,
            Function<KubeObject, Object> encoder,
            Starter starter) {
        if (open.size() >= MOST) {
            throw Statuses.tooManyWatches(MOST);
        }
        WatchStream stream = new WatchStream(encoder, open::remove);
        ResourceStore.Watch watch = starter.start(stream);
        try {
            response.setStatus(HttpServletResponse.SC_OK);
            response.setContentType(Answer.JSON);
            response.setHeader("Cache-Control", "no-cache, private");
            AsyncContext context = request.startAsync();
            context.setTimeout(timeout(timeoutSeconds).toMillis());
            open.add(stream);
            stream.attach(watch, context, response.getOutputStream());
        } catch (IOException e) {
            giveBack(stream, watch);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            giveBack(stream, watch);
            throw e;
        }
    }

    private void giveBack(WatchStream stream, ResourceStore.Watch watch) {
        open.remove(stream);
        watch.close();
    }

    private static Duration timeout(OptionalLong seconds) {
        if (seconds.isPresent() && seconds.getAsLong() > 0) {
            return Duration.ofSeconds(seconds.getAsLong());
        }
        return SHORTEST.plusMillis(ThreadLocalRandom.current().nextLong(SHORTEST.toMillis()));
    }

    /** How many are open. */
    public int size() {
        return open.size();
    }

    /** To be called now and then, so that dead connections are noticed. */
    public void heartbeat() {
        open.forEach(WatchStream::heartbeat);
    }

    /** Ends all of them. */
    public void closeAll() {
        open.forEach(WatchStream::end);
    }
}
