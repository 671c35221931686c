package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Mounts as links below the container's own folder ({@code SKEP_CONTAINER_ROOT}, which is also its default working folder):
 * {@code /etc/app} is there as {@code etc/app}. They are always made, so that an app can rely on them; without namespaces
 * they are all there is, and nothing is read-only.
 */
final class MountLinks {

    private static final int STICKY_FOR_ALL = 01002;

    private MountLinks() {}

    /**
     * Makes the links.
     *
     * @param root the container's own folder
     */
    static void make(List<Mount> mounts, Path root) throws ContainerException, IOException {
        List<Mount> sorted = mounts.stream()
                .sorted(Comparator.comparingInt(
                        (Mount each) -> inside(each, root).getNameCount()))
                .toList();
        for (Mount each : sorted) {
            Path link = inside(each, root);
            if (!link.startsWith(root) || link.equals(root)) {
                throw new ContainerException(
                        Code.INVALID, "mount of " + each.containerPath() + ": not a path in a container");
            }
            // What lies in another mount would be written into its source: that is for namespaces only.
            if (link.getParent().toAbsolutePath().equals(realParent(link))) {
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, Path.of(each.hostPath()).toAbsolutePath());
            }
        }
    }

    /**
     * Refuses what links can't do: a process that opens the absolute path must not silently get something else of the node.
     *
     * @throws ContainerException {@code INVALID}
     */
    static void check(List<Mount> mounts) throws ContainerException, IOException {
        for (Mount each : mounts) {
            Path wanted = Path.of(each.containerPath());
            if (wanted.isAbsolute()
                    && Files.exists(wanted)
                    && !Files.isSameFile(wanted, Path.of(each.hostPath()))
                    && !sharedByAll(wanted)) {
                throw new ContainerException(
                        Code.INVALID,
                        "mount of " + each.containerPath() + ": the node has its own " + each.containerPath()
                                + " and we may not mount over it here (not root, and no user namespaces):"
                                + " mount it elsewhere, where it is found below $SKEP_CONTAINER_ROOT");
            }
        }
    }

    private static Path inside(Mount mount, Path root) {
        Path path = Path.of(mount.containerPath());
        return (path.isAbsolute() ? root.resolve(Path.of("/").relativize(path)) : root.resolve(path)).normalize();
    }

    /** The folder the link goes to, made if need be; another one when a link is on the way. */
    private static Path realParent(Path link) throws IOException {
        Path parent = link.getParent();
        if (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
            Path above = realParent(parent);
            if (above.equals(parent.getParent().toAbsolutePath())) {
                Files.createDirectory(parent);
            }
        }
        return Files.exists(parent) ? parent.toRealPath() : parent.getRoot();
    }

    private static boolean sharedByAll(Path folder) throws IOException {
        int mode = (int) Files.getAttribute(folder, "unix:mode");
        return Files.isDirectory(folder) && (mode & STICKY_FOR_ALL) == STICKY_FOR_ALL;
    }
}
