package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Image;
import io.skep.runtime.cri.internal.wire.Cri;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells which images somebody else needs: the engine for its sandboxes, or containers of another owner. Thread-safe. */
final class ForeignImages {

    private final Calls calls;
    private final Marks marks;
    private final EngineInfo info;

    ForeignImages(Calls calls, Marks marks, EngineInfo info) {
        this.calls = calls;
        this.marks = marks;
        this.info = info;
    }

    /** The same images, those of others pinned. */
    List<Image> marked(List<Image> images) throws ContainerException {
        Set<String> needed = new HashSet<>();
        info.sandboxImage().ifPresent(needed::add);
        Map<String, String> ours = marks.selector();
        for (Cri.Container each : calls.containers(Cri.ContainerFilter.getDefaultInstance())) {
            if (!each.getLabelsMap().entrySet().containsAll(ours.entrySet())) {
                needed.add(each.getImageRef());
                needed.add(each.getImage().getImage());
            }
        }
        needed.remove("");
        return images.stream()
                .map(image ->
                        needed.contains(image.id()) || image.tags().stream().anyMatch(needed::contains)
                                ? image.asPinned()
                                : image)
                .toList();
    }
}
