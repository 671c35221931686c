package io.skep.kube.api;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * How a delete is to be done.
 *
 * @param gracePeriodSeconds empty for the object's own
 * @param uid delete only this very object, {@code ""} for whichever has the name
 * @param resourceVersion delete only at this version, {@code ""} for any
 * @param propagation what becomes of what the object owns
 * @param dryRun go through everything but the deleting
 */
public record DeleteOptions(
        OptionalLong gracePeriodSeconds, String uid, String resourceVersion, Propagation propagation, boolean dryRun) {

    /** {@code propagationPolicy}. */
    public enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    public static final DeleteOptions NONE =
            new DeleteOptions(OptionalLong.empty(), "", "", Propagation.BACKGROUND, false);

    /** At once, without grace, whatever the object's own period is. */
    public static final DeleteOptions NOW =
            new DeleteOptions(OptionalLong.of(0), "", "", Propagation.BACKGROUND, false);

    public DeleteOptions {
        Objects.requireNonNull(gracePeriodSeconds, "gracePeriodSeconds");
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(resourceVersion, "resourceVersion");
        Objects.requireNonNull(propagation, "propagation");
    }

    /** The same, for this very object only. */
    public DeleteOptions onlyUid(String value) {
        return new DeleteOptions(gracePeriodSeconds, value, resourceVersion, propagation, dryRun);
    }
}
