package io.skep.launcher.doctor;

import io.skep.launcher.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether containerd, where it is, can run pods: what its effective configuration says, and whether what it names is there.
 *
 * @param config what {@code containerd config dump} prints
 * @param systemd whether systemd runs the machine
 * @param lowersOomScores whether an engine may lower an OOM score here, as it does for each sandbox
 * @param hasImage whether an image of this name is in containerd; empty when it can't be asked
 */
public record ContainerdCheck(
        String config, boolean systemd, boolean lowersOomScores, Function<String, Optional<Boolean>> hasImage) {

    public static final Path SOCKET = Path.of("/run/containerd/containerd.sock");
    private static final Path CRIO = Path.of("/run/crio/crio.sock");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int CAP_SYS_RESOURCE = 24;
    private static final String FILE = "/etc/containerd/config.toml";
    private static final String RESTART = ", then systemctl restart containerd";

    static List<Finding> ofThisMachine() {
        if (!Files.exists(SOCKET)) {
            return List.of(instead(CRIO));
        }
        List<Finding> findings = new ArrayList<>(List.of(Finding.ok("containerd", SOCKET.toString())));
        ofThisMachine(check -> Optional.of(check.findings())).ifPresent(findings::addAll);
        return findings;
    }

    /** What pods run on without containerd; what CRI-O lacks, its node says in its condition {@code Ready}. */
    static Finding instead(Path crio) {
        return Files.exists(crio)
                ? Finding.ok("CRI-O", crio.toString())
                : Finding.ok("containerd", "not there, nor is CRI-O; pods run as processes");
    }

    /** Why no pod can run on this machine's containerd, as it is configured; a warning is no reason. */
    public static Optional<String> trouble() {
        return ofThisMachine().stream()
                .filter(finding -> finding.level() == Finding.Level.ERROR)
                .map(finding -> finding.what() + ": " + finding.found() + "; " + finding.fix())
                .findFirst();
    }

    /** The pause image this machine's containerd is configured with, if it is known not to be there. */
    public static Optional<String> missingPause() {
        return ofThisMachine(check -> check.value("sandbox_image")
                .or(() -> check.value("sandbox"))
                .filter(image -> inContainerd(image).filter(there -> !there).isPresent()));
    }

    /** The snapshotter of its pods. */
    public static String snapshotter() {
        return ofThisMachine(check -> check.value("snapshotter")).orElse("overlayfs");
    }

    private static <T> Optional<T> ofThisMachine(Function<ContainerdCheck, Optional<T>> question) {
        return Programs.output(LIMIT, "containerd", "config", "dump")
                .map(dump -> new ContainerdCheck(
                        dump,
                        Files.isDirectory(Path.of("/run/systemd/system")),
                        mayHave(CAP_SYS_RESOURCE, Path.of("/proc/self/status")),
                        ContainerdCheck::inContainerd))
                .flatMap(question);
    }

    private static Optional<Boolean> inContainerd(String image) {
        return Programs.output(
                        LIMIT, "ctr", "-a", SOCKET.toString(), "-n", "k8s.io", "images", "ls", "-q", "name==" + image)
                .map(names -> !names.isBlank());
    }

    List<Finding> findings() {
        return value("disabled_plugins").filter(list -> list.contains("cri")).isPresent()
                ? List.of(Finding.error(
                        "containerd's CRI", "disabled", "take \"cri\" out of disabled_plugins in " + FILE + RESTART))
                : List.of(driver(), oomScores(), network(), pause());
    }

    /** Whether the processes of this machine can have a capability at all: in a container some are kept from every one. */
    static boolean mayHave(int capability, Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("CapBnd:"))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring("CapBnd:".length()).strip(), 16))
                    .allMatch(set -> (set >>> capability & 1) == 1);
        } catch (IOException e) {
            return true;
        }
    }

    /** A sandbox is to be the last to be killed; where that is forbidden, containerd makes none unless told to do without. */
    private Finding oomScores() {
        String what = "containerd OOM";
        if (lowersOomScores) {
            return Finding.ok(what, "scores may be lowered");
        }
        return isSet("restrict_oom_score_adj")
                ? Finding.ok(what, "scores may not be lowered here, and are not")
                : Finding.error(
                        what,
                        "scores may not be lowered here, no CAP_SYS_RESOURCE",
                        "set restrict_oom_score_adj = true under the plug-in cri in " + FILE + RESTART);
    }

    /** Two owners of one cgroup tree: systemd undoes what the other one does there. */
    private Finding driver() {
        boolean slices = isSet("SystemdCgroup");
        String name = slices ? "systemd" : "cgroupfs";
        if (slices == systemd) {
            return Finding.ok("containerd cgroups", name);
        }
        String found = name + ", but " + (systemd ? "systemd runs this machine" : "there is no systemd here");
        // What the file says of a runtime replaces what containerd knows of it, its type too: no pod starts without
        String runc = runtimes() + ".runc";
        String fix = "in " + FILE + " have [" + runc + "] with runtime_type = \"io.containerd.runc.v2\", and [" + runc
                + ".options] with SystemdCgroup = " + systemd + RESTART;
        return systemd
                ? Finding.warning("containerd cgroups", found, fix)
                : Finding.error("containerd cgroups", found, fix);
    }

    /** The table of its runtimes, which has another name in each generation of containerd. */
    private String runtimes() {
        Matcher table = Pattern.compile("(?m)^\\s*\\[(plugins\\.\\S+\\.containerd\\.runtimes)\\.")
                .matcher(config);
        return table.find() ? table.group(1) : "plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes";
    }

    private Finding network() {
        Path folder = Path.of(value(cni(), "conf_dir").orElse("/etc/cni/net.d"));
        List<Path> programs = programs();
        String folders = programs.stream().map(Path::toString).collect(Collectors.joining(", "));
        if (programs.stream().noneMatch(ContainerdCheck::hasPlugins)) {
            return Finding.error(
                    "containerd CNI",
                    "no plug-ins in " + folders,
                    "install containernetworking-plugins, and link that folder to theirs, /usr/lib/cni, or name theirs as"
                            + " bin_dir in " + FILE + "; pods have no network without");
        }
        if (networks(folder) == 0) {
            return Finding.error(
                    "containerd CNI",
                    "no network in " + folder,
                    "put one there, for example examples/10-bridge.conflist of the distribution; pods have no network"
                            + " without");
        }
        return Finding.ok("containerd CNI", folder + ", plug-ins in " + folders);
    }

    /** Where it looks for plug-ins: one folder, or since containerd 2.1 several. */
    private List<Path> programs() {
        String folders =
                value(cni(), "bin_dir").or(() -> value(cni(), "bin_dirs")).orElse("/opt/cni/bin");
        return Stream.of(folders.split("[\\[\\],\"' ]+"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }

    private static boolean hasPlugins(Path folder) {
        return Files.isExecutable(folder.resolve("bridge")) || Files.isExecutable(folder.resolve("ptp"));
    }

    /** The table of the network; other tables have keys of the same names. */
    private String cni() {
        Matcher table = Pattern.compile("(?m)^\\s*\\[plugins\\.\\S+\\.cni]$((?:\\R\\s*[^\\[\\s].*)*)")
                .matcher(config);
        return table.find() ? table.group(1) : "";
    }

    private static long networks(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".conf") || name.endsWith(".conflist") || name.endsWith(".json"))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    private Finding pause() {
        String image = value("sandbox_image").or(() -> value("sandbox")).orElse("");
        if (image.isEmpty()) {
            return Finding.ok("pause image", "containerd's own choice");
        }
        Optional<Boolean> there = hasImage.apply(image);
        return there.isEmpty() || there.get()
                ? Finding.ok("pause image", image + (there.isEmpty() ? ", not looked for" : ""))
                : Finding.warning(
                        "pause image",
                        image + " is not here",
                        "ctr -n k8s.io images pull " + image + ", or import it; offline no pod starts without");
    }

    private boolean isSet(String flag) {
        return Pattern.compile("(?m)^\\s*" + flag + "\\s*=\\s*true")
                .matcher(config)
                .find();
    }

    /** The value of the first line with this key that has one. */
    private Optional<String> value(String key) {
        return value(config, key);
    }

    private static Optional<String> value(String lines, String key) {
        Matcher line = Pattern.compile("(?m)^\\s*" + key + "\\s*=\\s*(?:[\"'](.+)[\"']|(\\[.+\\]))\\s*$")
                .matcher(lines);
        return line.find() ? Optional.ofNullable(line.group(1)).or(() -> Optional.of(line.group(2))) : Optional.empty();
    }
}
