package io.skep.kube.api;

import java.util.Objects;

/**
 * A patch.
 *
 * @param type how to apply it
 * @param body its JSON text; YAML or JSON for {@link PatchType#APPLY}
 */
public record Patch(PatchType type, String body) {

    public Patch {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(body, "body");
    }
}
