package io.skep.kube.rest.internal;

import io.skep.kube.api.stream.PodStreams;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The way to nodes that is there now; of several the one that came first. */
@Component(service = NodeStreams.class)
public final class NodeStreams implements Supplier<Optional<PodStreams>> {

    private final List<PodStreams> ways = new CopyOnWriteArrayList<>();

    @Reference(
            service = PodStreams.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bind(PodStreams way) {
        ways.add(way);
    }

    void unbind(PodStreams way) {
        ways.remove(way);
    }

    @Override
    public Optional<PodStreams> get() {
        return ways.stream().findFirst();
    }
}
