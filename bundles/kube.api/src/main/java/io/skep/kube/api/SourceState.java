package io.skep.kube.api;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * What was built, from the manifest of this bundle. All but the date is {@code ""} in a build that knows of no repository.
 *
 * @param commit the commit's hash
 * @param treeState {@code clean}, or {@code dirty} when files were changed after it
 * @param date of the commit: the same source gives the same bundle, whenever it is built
 */
record SourceState(String commit, String treeState, Instant date) {

    static final String COMMIT = "Skep-Commit";
    static final String TIME = "Skep-Commit-Time";

    private static final String DIRTY = "-dirty";

    static SourceState ofThisBundle() {
        try (InputStream in = SourceState.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            return of(in == null ? new Attributes() : new Manifest(in).getMainAttributes());
        } catch (IOException e) {
            return of(new Attributes());
        }
    }

    static SourceState of(Attributes manifest) {
        String described = manifest.getValue(COMMIT) == null
                ? ""
                : manifest.getValue(COMMIT).trim();
        if (!described.matches("[0-9a-f]{40}(" + DIRTY + ")?")) {
            return new SourceState("", "", Instant.EPOCH);
        }
        boolean dirty = described.endsWith(DIRTY);
        return new SourceState(
                dirty ? described.substring(0, described.length() - DIRTY.length()) : described,
                dirty ? "dirty" : "clean",
                time(manifest.getValue(TIME)));
    }

    private static Instant time(String seconds) {
        try {
            return seconds == null ? Instant.EPOCH : Instant.ofEpochSecond(Long.parseLong(seconds.trim()));
        } catch (NumberFormatException e) {
            return Instant.EPOCH;
        }
    }
}
