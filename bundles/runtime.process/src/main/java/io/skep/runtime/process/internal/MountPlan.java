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
import java.util.Collection;
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
 * holds the node's folders, and any folder that lacks the place is there one in memory, full of links to the real things
 * below {@code /.skep}. What is written straight into such a folder is gone with the container.
 */
final class MountPlan {

    private static final Path ROOT = Path.of("/");
    private static final Path HIDDEN = Path.of("/.skep");

    private final Path newRoot;
    private final List<String> steps = new ArrayList<>();
    /** Folders in memory, by their path inside. */
    private final Set<Path> opened = new TreeSet<>();
    /** Mounts made so far: path inside to path on the node. */
    private final Map<Path, Path> made = new LinkedHashMap<>();

    private boolean ownRoot;
    private int hidden;

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
    static String of(List<Mount> mounts, Path newRoot, Path base) throws ContainerException, IOException {
        MountPlan plan = new MountPlan(newRoot);
        List<Mount> sorted = new ArrayList<>(mounts);
        sorted.sort(Comparator.comparingInt(
                each -> base.resolve(each.containerPath()).normalize().getNameCount()));
        Map<Mount, Path> targets = new LinkedHashMap<>();
        for (Mount each : sorted) {
            targets.put(each, target(each, base));
        }
        for (Map.Entry<Mount, Path> each : targets.entrySet()) {
            if (!plan.isInMount(each.getValue()) && !Files.exists(each.getValue())) {
                plan.ownRoot = true;
            }
            plan.made.put(each.getValue(), Path.of(each.getKey().hostPath()));
        }
        plan.openRoot();
        plan.openFolders(targets.values());
        plan.made.clear();
        for (Map.Entry<Mount, Path> each : targets.entrySet()) {
            plan.mount(each.getKey(), each.getValue());
        }
        if (plan.ownRoot) {
            plan.step("root", newRoot);
        }
        return String.join("\n", plan.steps) + "\n";
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

    private void mount(Mount mount, Path target) throws ContainerException, IOException {
        Path source = Path.of(mount.hostPath());
        boolean folder = Files.isDirectory(source);
        if (isInMount(target)) {
            placeInMount(mount, target, folder);
        } else if (opened.contains(target.getParent()) && !(target.getParent().equals(ROOT) && Files.exists(target))) {
            place(target, folder);
        } else if (Files.isDirectory(target) != folder) {
            throw new ContainerException(
                    Code.INVALID,
                    "mount of " + mount.containerPath() + ": a " + (folder ? "folder" : "file") + " over a "
                            + (folder ? "file" : "folder"));
        }
        step("bind", source, inside(target));
        if (mount.readOnly()) {
            step("readonly", inside(target));
        }
        made.put(target, source);
    }

    /** A mount below another one needs its place in that one's source, as with any container engine. */
    private void placeInMount(Mount mount, Path target, boolean folder) throws ContainerException {
        Path outer = innermost(target);
        Path place = made.get(outer).resolve(outer.relativize(target));
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

    private boolean isInMount(Path target) {
        return innermost(target) != null;
    }

    /** The innermost mount that holds it, or null. */
    private Path innermost(Path target) {
        return made.keySet().stream()
                .filter(each -> target.startsWith(each) && !target.equals(each))
                .max(Comparator.comparingInt(Path::getNameCount))
                .orElse(null);
    }

    private void openRoot() throws IOException {
        if (!ownRoot) {
            return;
        }
        steps.add("tmpfs " + Escapes.word(newRoot.toString()) + " 755");
        opened.add(ROOT);
        step("folder", inside(HIDDEN));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(ROOT)) {
            for (Path entry : entries) {
                if (Files.isSymbolicLink(entry)) {
                    step("link", Files.readSymbolicLink(entry), inside(entry));
                } else {
                    place(entry, Files.isDirectory(entry));
                    step("bind", entry, inside(entry));
                }
            }
        }
    }

    /** Opens all folders that must be, before anything is put into one of them. */
    private void openFolders(Collection<Path> targets) throws IOException {
        int before;
        do {
            before = opened.size();
            for (Path target : targets) {
                if (!isInMount(target) && (!Files.exists(target) || isBelowOpened(target))) {
                    open(target.getParent());
                }
            }
        } while (opened.size() > before);
    }

    /** Whether a folder above it, other than the root, is one in memory, where it could only be a link. */
    private boolean isBelowOpened(Path path) {
        return opened.stream().anyMatch(each -> !each.equals(ROOT) && path.startsWith(each) && !path.equals(each));
    }

    /** Makes a folder one in memory, so that there can be new places in it. */
    private void open(Path folder) throws IOException {
        if (opened.contains(folder)) {
            return;
        }
        if (!Files.exists(folder) || isBelowOpened(folder)) {
            open(folder.getParent());
        }
        if (!Files.exists(folder)) {
            step("folder", inside(folder));
        } else {
            Path away = HIDDEN.resolve(Integer.toString(++hidden));
            step("folder", inside(away));
            step("bind", folder, inside(away));
            if (opened.contains(folder.getParent()) && !folder.getParent().equals(ROOT)) {
                place(folder, true);
            }
            steps.add("tmpfs " + Escapes.word(inside(folder).toString()) + " " + mode(folder));
            step("links", inside(away), away, inside(folder));
        }
        opened.add(folder);
    }

    /** Puts an empty place into a folder in memory, instead of the link that may be there. */
    private void place(Path target, boolean folder) {
        if (!target.getParent().equals(ROOT)) {
            step("remove", inside(target));
        }
        step(folder ? "folder" : "file", inside(target));
    }

    private static String mode(Path folder) throws IOException {
        return Integer.toOctalString((int) Files.getAttribute(folder, "unix:mode") & 07777);
    }

    /** The path by which the script reaches what will be there inside. */
    private Path inside(Path path) {
        return ownRoot ? newRoot.resolve(ROOT.relativize(path)) : path;
    }

    private void step(String word, Path... paths) {
        StringBuilder step = new StringBuilder(word);
        for (Path each : paths) {
            step.append(' ').append(Escapes.word(each.toString()));
        }
        steps.add(step.toString());
    }
}
