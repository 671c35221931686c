package io.skep.kube.embedded.internal;

/** Finalizers that ask the garbage collector for something. Source: Kubernetes {@code metav1/types.go}. */
public final class GarbageFinalizers {

    /** Goes when everything owned is gone. */
    public static final String FOREGROUND = "foregroundDeletion";

    /** Goes when everything owned has been let go. */
    public static final String ORPHAN = "orphan";

    private GarbageFinalizers() {}
}
