package io.skep.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Looks at what this machine gives a node, and says how to mend what is missing."
                + " Exit code 1 when something must be mended.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    /** One finding. {@code fix} is empty when there is nothing to do. */
    record Finding(String what, String level, String found, String fix) {}

    @Option(names = "--json", description = "Prints JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(disk());
        findings.add(container());
        findings.add(cgroups());
        findings.add(isolation());
        findings.add(program("kubectl", "install kubectl or Debian's kubernetes-client; a small built-in one is used"));
        boolean running =
                Home.fromSystem().all().stream().anyMatch(i -> i.process().isPresent());
        if (!running) {
            Map.of(
                            10000,
                            "cloudhub",
                            10002,
                            "enrolment",
                            6443,
                            "Kubernetes API",
                            9091,
                            "cloud monitor",
                            9092,
                            "edge monitor")
                    .forEach((port, use) -> findings.add(port(port, use)));
        }
        if (json) {
            System.out.println(new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(findings.stream()
                            .map(f -> Map.of("what", f.what(), "level", f.level(), "found", f.found(), "fix", f.fix()))
                            .toList()));
        } else {
            findings.forEach(f -> System.out.printf(
                    "%-7s %-18s %s%s%n", f.level(), f.what(), f.found(), f.fix().isEmpty() ? "" : "  fix: " + f.fix()));
        }
        return findings.stream().anyMatch(f -> f.level().equals("error")) ? 1 : 0;
    }

    private static Finding ok(String what, String found) {
        return new Finding(what, "ok", found, "");
    }

    private static Finding java() {
        int feature = Runtime.version().feature();
        return feature == 17
                ? ok("java", Runtime.version().toString())
                : new Finding(
                        "java",
                        feature > 17 ? "warning" : "error",
                        Runtime.version().toString(),
                        "use a JDK 17");
    }

    private static Finding disk() {
        Path folder = Home.fromSystem().instances();
        Path existing = folder;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing)) {
            return new Finding(
                    "data folder", "error", existing + " is not writable", "set SKEP_DATA to a folder of yours");
        }
        long free = existing.toFile().getUsableSpace() >> 20;
        return free < 500
                ? new Finding(
                        "data folder", "warning", free + " MiB free at " + existing, "make room: 500 MiB are wise")
                : ok("data folder", free + " MiB free at " + existing);
    }

    private static Finding container() {
        Path socket = Path.of("/run/containerd/containerd.sock");
        return Files.exists(socket)
                ? ok("containerd", socket.toString())
                : ok("containerd", "not there; pods run as processes");
    }

    private static Finding cgroups() {
        Path root = Path.of("/sys/fs/cgroup");
        if (Files.exists(root.resolve("cgroup.controllers"))) {
            return ok("cgroups", "v2");
        }
        if (!Files.exists(root.resolve("memory"))) {
            return new Finding(
                    "cgroups", "warning", "no memory controller", "mount cgroups; limits of pods are not kept");
        }
        return Files.isWritable(root.resolve("memory"))
                ? ok("cgroups", "v1")
                : new Finding("cgroups", "warning", "v1, not writable by you", "run as root to keep limits of pods");
    }

    private static Finding isolation() {
        return Programs.find("unshare").isPresent() && Programs.find("setpriv").isPresent()
                ? ok("isolation", "unshare and setpriv are there")
                : new Finding(
                        "isolation",
                        "warning",
                        "no unshare or setpriv",
                        "install util-linux; mounts and users of pods");
    }

    private static Finding program(String name, String fix) {
        return Programs.find(name)
                .map(path -> ok(name, path.toString()))
                .orElseGet(() -> new Finding(name, "warning", "not there", fix));
    }

    private static Finding port(int port, String use) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return ok("port " + socket.getLocalPort(), "free, for the " + use);
        } catch (IOException e) {
            return new Finding(
                    "port " + port,
                    "error",
                    "taken, wanted for the " + use,
                    "stop who has it: ss -ltnp 'sport = " + port + "'");
        }
    }
}
