package io.skep.kube.rest.internal.api;

import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What is served at this moment. */
public interface Catalog {

    /** A kind and who keeps it. */
    record Served(ResourceKind kind, ResourceStore store) {}

    /** Everything, each kind once. */
    List<Served> all();

    /** Whether no store is there at all. */
    boolean isEmpty();

    /** What is kept under this path. */
    default Optional<Served> find(String group, String version, String plural) {
        return all().stream()
                .filter(served -> served.kind().plural().equals(plural)
                        && served.kind().group().equals(group)
                        && served.kind().version().equals(version))
                .findFirst();
    }

    /** What these stores keep; of two that keep the same kind the first serves it. */
    static List<Served> of(List<ResourceStore> stores) {
        Map<String, Served> all = new LinkedHashMap<>();
        Stream.concat(stores.stream(), Stream.of(new EmptyStore()))
                .forEach(store -> store.kinds()
                        .forEach(kind ->
                                all.putIfAbsent(kind.apiVersion() + "/" + kind.plural(), new Served(kind, store))));
        return List.copyOf(all.values());
    }

    /** Only the kinds. */
    default List<ResourceKind> kinds() {
        return all().stream().map(Served::kind).toList();
    }
}
