package io.skep.edged.internal.volume;

import io.skep.kube.api.Doc;

/**
 * A service account token a pod asks for.
 *
 * @param audience who it is for, {@code ""} for the API server
 * @param expirationSeconds how long it is to live
 */
public record TokenSpec(String audience, long expirationSeconds) {

    private static final long DEFAULT_SECONDS = 3600;

    static TokenSpec of(Doc source) {
        return new TokenSpec(source.text("audience"), source.number(DEFAULT_SECONDS, "expirationSeconds"));
    }
}
