package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.spec.Pod;
import java.util.Optional;

/** A pod of this node, as far as it matters while the node is short. Belongs to the module's thread. */
public interface Evictable {

    /** The pod as it is wanted. */
    Pod pod();

    /** Whether the node can't do without it. */
    boolean critical();

    /** Whether it is meant to run. */
    boolean active();

    /** Whether anything of it runs. */
    boolean lives();

    /** What there is of it to measure; empty while it has no runtime. */
    Optional<Subject> subject();

    /** Ends it for the node's sake; {@code message} says why, in kubelet's words. */
    void evict(String message);
}
