package io.skep.kube.api;

import java.util.Optional;
import java.util.stream.Stream;

/** How a patch is to be applied, with the media type that says so. */
public enum PatchType {
    /** RFC 6902. */
    JSON("application/json-patch+json"),
    /** RFC 7386. */
    MERGE("application/merge-patch+json"),
    /** Lists merged by the merge keys of the kind's schema. */
    STRATEGIC_MERGE("application/strategic-merge-patch+json"),
    /** Server-side apply. */
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    PatchType(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /** The type of a {@code Content-Type} header, its parameters ignored. */
    public static Optional<PatchType> ofMediaType(String contentType) {
        String bare = contentType.split(";", 2)[0].trim();
        return Stream.of(values())
                .filter(t -> t.mediaType.equalsIgnoreCase(bare))
                .findFirst();
    }
}
