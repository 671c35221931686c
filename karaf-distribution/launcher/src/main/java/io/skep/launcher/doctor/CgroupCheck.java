package io.skep.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which limits of pods the machine can keep.
 *
 * @param root where cgroups are mounted
 * @param systemd whether systemd runs the machine and therefore owns the cgroup tree
 */
record CgroupCheck(Path root, boolean systemd) {

    private static final List<String> WANTED = List.of("cpu", "memory", "pids");

    static CgroupCheck ofThisMachine() {
        return new CgroupCheck(Path.of("/sys/fs/cgroup"), Files.isDirectory(Path.of("/run/systemd/system")));
    }

    List<Finding> findings() {
        return List.of(Finding.ok("cgroup driver", systemd ? "systemd" : "cgroupfs"), controllers());
    }

    private Finding controllers() {
        boolean unified = Files.exists(root.resolve("cgroup.controllers"));
        TreeSet<String> there = unified ? unified() : mounted();
        String version = unified ? "v2" : "v1";
        if (there.isEmpty()) {
            return Finding.warning(
                    "cgroups", "no controllers at " + root, "mount cgroups; limits of pods are not kept without");
        }
        String found = version + ", controllers " + String.join(" ", there);
        List<String> missing = WANTED.stream().filter(c -> !there.contains(c)).toList();
        if (!missing.isEmpty()) {
            return Finding.warning(
                    "cgroups",
                    found,
                    "enable " + String.join(", ", missing) + (unified ? " in cgroup.subtree_control" : " (mount)")
                            + "; these limits of pods are not kept without");
        }
        if (!Files.isWritable(unified ? root : root.resolve("memory"))) {
            return Finding.warning(
                    "cgroups", found + ", not writable by you", "run as root to keep limits of pods, or delegate one");
        }
        return Finding.ok("cgroups", found);
    }

    private TreeSet<String> unified() {
        try {
            String text = Files.readString(root.resolve("cgroup.controllers")).strip();
            return Arrays.stream(text.split("\\s+"))
                    .filter(c -> !c.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            return new TreeSet<>();
        }
    }

    private TreeSet<String> mounted() {
        if (!Files.isDirectory(root)) {
            return new TreeSet<>();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(f -> Files.exists(f.resolve("cgroup.procs")))
                    .map(f -> f.getFileName().toString())
                    .filter(f -> !f.equals("systemd") && !f.equals("unified"))
                    .flatMap(f -> Arrays.stream(f.split(",")))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            return new TreeSet<>();
        }
    }
}
