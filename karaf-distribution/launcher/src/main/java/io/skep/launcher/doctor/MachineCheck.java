package io.skep.launcher.doctor;

import io.skep.launcher.host.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is on the machine: the JVM, room on the disk, programs, user namespaces.
 *
 * @param folder where instances live
 */
public record MachineCheck(Path folder) {

    private static final long WISE_MEBIBYTES = 500;
    private static final long NEEDED_MEBIBYTES = 50;
    private static final List<String> USER_NAMESPACES = List.of(
            "user.max_user_namespaces=10000",
            "kernel.unprivileged_userns_clone=1",
            "kernel.apparmor_restrict_unprivileged_userns=0");

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(Runtime.version()));
        findings.add(disk());
        findings.add(program("setsid", "util-linux: without it a node may get the terminal's Ctrl-C"));
        findings.add(program("setpriv", "util-linux: without it pods can't run as another user"));
        findings.add(program("unshare", "util-linux: without it pods have no mounts of their own"));
        findings.add(userNamespaces());
        findings.add(program("kubectl", "kubectl or kubernetes-client: without it 'skep kubectl' knows five verbs"));
        return findings;
    }

    static Finding java(Runtime.Version version) {
        if (version.feature() == 17) {
            return Finding.ok("java", version.toString());
        }
        return version.feature() > 17
                ? Finding.warning("java", version.toString(), "prefer a JDK 17: only that one is tested")
                : Finding.error("java", version.toString(), "install a JDK 17: openjdk-17-jdk-headless");
    }

    private Finding disk() {
        Path existing = folder;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing)) {
            return Finding.error("data folder", existing + " is not writable", "set SKEP_DATA to a folder of yours");
        }
        long free = existing.toFile().getUsableSpace() >> 20;
        String found = free + " MiB free at " + existing;
        return free < WISE_MEBIBYTES
                ? Finding.warning("data folder", found, "make room: " + WISE_MEBIBYTES + " MiB are wise")
                : Finding.ok("data folder", found);
    }

    /** What is wrong with so little room that an instance can't start in it; empty where there is more. */
    public static Optional<String> lack(long freeMebibytes, Path folder) {
        return freeMebibytes < NEEDED_MEBIBYTES
                ? Optional.of("only " + freeMebibytes + " MiB are free at " + folder)
                : Optional.empty();
    }

    private static Finding program(String name, String source) {
        return Programs.find(name)
                .map(path -> Finding.ok(name, path.toString()))
                .orElseGet(() -> Finding.warning(name, "not there", "install " + source));
    }

    private static Finding userNamespaces() {
        return Programs.output(Duration.ofSeconds(5), "unshare", "-Ur", "true").isPresent()
                ? Finding.ok("user namespaces", "allowed")
                : noUserNamespaces(Path.of("/proc/sys"));
    }

    /** Names the switches this kernel has: Debian's and Ubuntu's kernels have one each that others lack. */
    static Finding noUserNamespaces(Path switches) {
        String there = USER_NAMESPACES.stream()
                .filter(line -> Files.exists(
                        switches.resolve(line.substring(0, line.indexOf('=')).replace('.', '/'))))
                .collect(Collectors.joining(" "));
        return Finding.warning(
                "user namespaces",
                "not allowed to you",
                "sysctl -w " + there + ", in a container allow unshare; pods of an ordinary user have no mounts of"
                        + " their own without");
    }
}
