package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.Link;
import io.skep.transport.LinkClient;
import io.skep.transport.LinkTarget;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The links we opened, by key. Thread-safe. */
final class ClientLinks implements LinkClient {

    private final JettyRuntime runtime;
    private final AtomicLong numbers;
    private final Dialers dialers;
    private final Map<String, LiveLink> links = new ConcurrentHashMap<>();

    ClientLinks(JettyRuntime runtime, AtomicLong numbers) {
        this.runtime = runtime;
        this.numbers = numbers;
        this.dialers = new Dialers(runtime);
    }

    @Override
    public Optional<Link> find(String key) {
        return Optional.ofNullable(links.get(key));
    }

    @Override
    public CompletionStage<Link> open(String key, LinkTarget target) {
        Optional<Link> old = find(key);
        old.ifPresent(link -> link.close("replaced by a new link"));
        String scheme = String.valueOf(target.uri().getScheme());
        if (!(scheme.equals("wss") || scheme.equals("ws")) || target.uri().getHost() == null) {
            return CompletableFuture.failedFuture(new EdgeException(
                    Reason.INVALID, "a link needs a URL like wss://host:10000/path, not " + target.uri()));
        }
        try {
            return dialers.take(target.tls()).dial(key, target, numbers.incrementAndGet(), this::opened, this::gone);
        } catch (EdgeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void opened(LiveLink link) {
        runtime.watch(link);
        LiveLink old = links.put(link.key(), link);
        if (old != null) {
            old.close("replaced by a new link");
        }
    }

    private void gone(LiveLink link) {
        links.remove(link.key(), link);
        runtime.forget(link);
    }

    void stop() {
        dialers.prepareToStop();
        links.values().forEach(link -> link.close("the transport stops"));
        dialers.stop();
    }
}
