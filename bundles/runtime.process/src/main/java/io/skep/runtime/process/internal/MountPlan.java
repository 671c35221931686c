package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The steps of the {@code mounts} script: the container sees the node's files with its mounts over them, and the node sees
 * nothing of it.
 *
 * <p>A mount needs a place to be put on. Where the node has none, the container gets a root folder of its own in memory that
 * holds the node's folders; any folder that lacks the place, and those above it, are there ones in memory, full of links to
 * the real things below {@code /.skep}. What is written straight into such a folder is gone with the container.
 */
final class MountPlan {

    private static final Path ROOT = Path.of("/");
    private static final Path HIDDEN = Path.of("/.skep");

    private final Path newRoot;
    private final Map<Path, Mount> targets = new LinkedHashMap<>();
    /** Folders in memory, other than the root. */
    private final Set<Path> opened = new TreeSet<>();

    private final List<String> folders = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private final List<String> copies = new ArrayList<>();
    private final List<String> binds = new ArrayList<>();
    private final List<String> finish = new ArrayList<>();
    private boolean ownRoot;

    private MountPlan(Path newRoot) {
        this.newRoot = newRoot;
    }

    /**
     * Plans mounts.
     *
     * @param newRoot empty folder on the node, for the container's own root
     * @param base where relative container paths begin
     * @throws ContainerException {@code INVALID} when one of them can't be made
     */
    static MountPlan of(List<Mount> mounts, Path newRoot, Path base) throws ContainerException, IOException {
        MountPlan plan = new MountPlan(newRoot);
        List<Mount> sorted = new ArrayList<>(mounts);
        sorted.sort(Comparator.comparingInt(
                each -> base.resolve(each.containerPath()).normalize().getNameCount()));
        for (Mount each : sorted) {
            plan.targets.put(target(each, base), each);
        }
        plan.openFolders();
        plan.fillRoot();
        for (Map.Entry<Path, Mount> each : plan.targets.entrySet()) {
            plan.mount(each.getValue(), each.getKey());
        }
        return plan;
    }

    /**
     * The steps, a line each.
     *
     * @param table where the script finds {@link #table}
     */
    String steps(Path table) {
        List<String> steps = new ArrayList<>();
        if (ownRoot) {
            steps.add(step("tmpfs", newRoot));
        }
        steps.addAll(folders);
        steps.add("make");
        steps.addAll(places);
        steps.addAll(copies);
        steps.add(step("mount", table));
        steps.addAll(finish);
        if (ownRoot) {
            steps.add(step("root", newRoot));
        }
        return String.join("\n", steps) + "\n";
    }

    /** What is mounted, in fstab(5)'s form, so that one program does it all at once. */
    String table() {
        return String.join("\n", binds) + "\n";
    }

    /** Where it goes, with the links on the way followed. */
    private static Path target(Mount mount, Path base) throws ContainerException, IOException {
        Path wanted = base.resolve(mount.containerPath()).normalize();
        if (!Files.exists(Path.of(mount.hostPath()))) {
            throw new ContainerException(
                    Code.INVALID, "mount of " + mount.containerPath() + ": nothing is at " + mount.hostPath());
        }
        Path real = wanted;
        while (!Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
            real = real.getParent();
        }
        Path target = real.toRealPath().resolve(real.relativize(wanted));
        if (target.getNameCount() == 0) {
            throw new ContainerException(
                    Code.INVALID, "mount of " + mount.containerPath() + ": not over the root folder");
        }
        return target;
    }

    /** Finds which folders lack a place, before anything is put into one of them. */
    private void openFolders() {
        for (Path target : targets.keySet()) {
            if (outer(target) == null && !Files.exists(target)) {
                ownRoot = true;
                for (Path each = target.getParent(); !each.equals(ROOT); each = each.getParent()) {
                    opened.add(each);
                }
            }
        }
    }

    private void fillRoot() throws IOException {
        if (!ownRoot) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(ROOT)) {
            for (Path entry : entries) {
                if (Files.isSymbolicLink(entry)) {
                    copies.add(step("copy", entry, newRoot));
                } else if (!opened.contains(entry)) {
                    place(entry, Files.isDirectory(entry));
                    bind(entry, entry, "rbind");
                }
            }
        }
        int number = 0;
        for (Path folder : opened) {
            place(folder, true);
            if (Files.isDirectory(folder)) {
                Path away = HIDDEN.resolve(Integer.toString(++number));
                place(away, true);
                bind(folder, away, "rbind");
                finish.add(step("links", inside(away), away, inside(folder)));
                int mode = (int) Files.getAttribute(folder, "unix:mode") & 07777;
                if (mode != 0755) {
                    places.add(step("mode", inside(folder)) + " " + Integer.toOctalString(mode));
                }
            }
        }
    }

    private void mount(Mount mount, Path target) throws ContainerException {
        Path source = Path.of(mount.hostPath());
        boolean folder = Files.isDirectory(source);
        Path outer = outer(target);
        if (outer != null) {
            placeInMount(mount, Path.of(targets.get(outer).hostPath()).resolve(outer.relativize(target)), folder);
        } else if (opened.contains(target.getParent())
                || ownRoot && target.getParent().equals(ROOT) && !Files.exists(target)) {
            place(target, folder);
        } else if (Files.isDirectory(target) != folder) {
            throw new ContainerException(
                    Code.INVALID,
                    "mount of " + mount.containerPath() + ": a " + (folder ? "folder" : "file") + " over a "
                            + (folder ? "file" : "folder"));
        }
        // A link of an opened folder leads to the hidden original: what lies deeper is mounted there.
        bind(source, reachable(target), "rbind");
        if (mount.readOnly()) {
            finish.add(step("readonly", inside(reachable(target))));
        }
    }

    /** A mount below another one needs its place in that one's source, as with any container engine. */
    private static void placeInMount(Mount mount, Path place, boolean folder) throws ContainerException {
        try {
            if (folder) {
                Files.createDirectories(place);
            } else if (!Files.exists(place)) {
                Files.createDirectories(place.getParent());
                Files.createFile(place);
            }
        } catch (IOException e) {
            throw new ContainerException(
                    Code.INVALID, "mount of " + mount.containerPath() + ": no place for it at " + place + ": " + e, e);
        }
    }

    /** The innermost other mount that holds it, or null. */
    private Path outer(Path target) {
        return targets.keySet().stream()
                .filter(each -> target.startsWith(each) && !target.equals(each))
                .max(Comparator.comparingInt(Path::getNameCount))
                .orElse(null);
    }

    /** The same place by a way on which there are no links yet to be made. */
    private Path reachable(Path target) {
        Path outer = outer(target);
        if (outer != null || opened.contains(target) || opened.contains(target.getParent())) {
            return target;
        }
        int number = 0;
        Path reachable = target;
        for (Path each : opened) {
            if (Files.isDirectory(each)) {
                number++;
                if (target.startsWith(each)) {
                    reachable = HIDDEN.resolve(Integer.toString(number)).resolve(each.relativize(target));
                }
            }
        }
        return reachable;
    }

    private void place(Path path, boolean folder) {
        (folder ? folders : places).add(step(folder ? "folder" : "file", inside(path)));
    }

    private void bind(Path source, Path target, String options) {
        binds.add(field(source) + " " + field(inside(target)) + " none " + options + " 0 0");
    }

    /** The path by which the script reaches what will be there inside. */
    private Path inside(Path path) {
        return ownRoot ? newRoot.resolve(ROOT.relativize(path)) : path;
    }

    private static String step(String word, Path... paths) {
        StringBuilder step = new StringBuilder(word);
        for (Path each : paths) {
            step.append(' ').append(Escapes.word(each.toString()));
        }
        return step.toString();
    }

    private static String field(Path path) {
        return path.toString()
                .replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
