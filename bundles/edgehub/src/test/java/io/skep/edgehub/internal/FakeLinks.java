package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.transport.Link;
import io.skep.transport.LinkClient;
import io.skep.transport.LinkTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens {@link FakeLink}s, or fails as told. */
final class FakeLinks implements LinkClient {

    final List<LinkTarget> dialled = new ArrayList<>();
    EdgeException failure;
    String features = "";
    FakeLink current;

    @Override
    public Optional<Link> find(String key) {
        return Optional.<Link>ofNullable(current).filter(Link::isOpen);
    }

    @Override
    public CompletionStage<Link> open(String key, LinkTarget target) {
        dialled.add(target);
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        current = new FakeLink(features);
        return CompletableFuture.completedFuture(current);
    }
}
