package io.skep.edged.internal.volume;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose the files and folders are that we make for a pod; empty leaves them ours.
 *
 * <p>Source: Kubernetes {@code pkg/volume/util/util.go} ({@code FsUserFrom}) and {@code volume_linux.go}
 * ({@code SetVolumeOwnership}).
 *
 * @param user the one user all of the pod's containers run as
 * @param group the pod's {@code fsGroup}
 */
record FileOwner(Optional<Integer> user, Optional<Integer> group) {

    private static final int SHARED = 0777;
    private static final int SET_GROUP = 02000;
    private static final int STICKY = 01000;

    static final FileOwner OURS = new FileOwner(Optional.empty(), Optional.empty());

    static FileOwner of(Pod pod) {
        Set<Optional<Integer>> users = pod.allContainers().stream()
                .filter(container -> !container.ephemeral())
                .map(container -> user(pod, container))
                .collect(Collectors.toSet());
        return new FileOwner(
                users.size() == 1 ? users.iterator().next() : Optional.empty(),
                id(pod.spec().object("securityContext"), "fsGroup"));
    }

    private static Optional<Integer> user(Pod pod, ContainerSpec container) {
        return id(container.doc().object("securityContext"), "runAsUser")
                .or(() -> id(pod.spec().object("securityContext"), "runAsUser"));
    }

    private static Optional<Integer> id(Doc context, String field) {
        return context.has(field) ? Optional.of((int) context.number(0, field)) : Optional.empty();
    }

    boolean isOurs() {
        return equals(OURS);
    }

    /** Gives it a file. Who is not root may give nothing away, and runs the pod as himself anyway. */
    void give(Path file) throws IOException {
        if (isOurs() || (int) Files.getAttribute(file, "unix:uid") != 0) {
            return;
        }
        if (group.isPresent()) {
            Files.setAttribute(file, "unix:gid", group.get());
        }
        if (user.isPresent()) {
            Files.setAttribute(file, "unix:uid", user.get());
        }
    }

    /** Opens a folder to all; what is made in it is the pod's group's, as the folder is. */
    void share(Path folder) throws IOException {
        boolean given = group.isPresent() && (int) Files.getAttribute(folder, "unix:uid") == 0;
        if (given) {
            Files.setAttribute(folder, "unix:gid", group.get());
        }
        // Not with chmod(): its permissions know no such bit
        int kept = (int) Files.getAttribute(folder, "unix:mode") & STICKY;
        Files.setAttribute(folder, "unix:mode", kept | SHARED | (given ? SET_GROUP : 0));
    }
}
