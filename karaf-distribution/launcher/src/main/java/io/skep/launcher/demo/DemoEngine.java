package io.skep.launcher.demo;

import io.skep.launcher.doctor.ContainerdCheck;
import io.skep.launcher.host.Programs;
import io.skep.launcher.host.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The containerd the demo may run its app on.
 *
 * @param socket where it listens
 * @param system whether it is the machine's own, which is looked at closely; one that was named is taken as it is
 */
record DemoEngine(Path socket, boolean system) {

    static final String IMAGE = "docker.io/skep/this-machine:1";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static DemoEngine at(String socket) {
        return socket == null ? new DemoEngine(ContainerdCheck.SOCKET, true) : new DemoEngine(Path.of(socket), false);
    }

    /** Puts the images there; says in one line why no pod of ours can run on it, else nothing. */
    Optional<String> prepare(HostImage image, Path scratch, Consumer<String> say) {
        Optional<String> trouble = trouble(image);
        if (trouble.isPresent()) {
            return trouble;
        }
        try {
            return images(image, Files.createTempDirectory(Files.createDirectories(scratch), ".image"), say);
        } catch (IOException e) {
            return Optional.of("the image for it could not be made: " + e);
        }
    }

    private Optional<String> trouble(HostImage image) {
        if (!Files.exists(socket)) {
            return Optional.of("there is no containerd at " + socket);
        }
        if (!Files.isWritable(socket)) {
            return Optional.of("only root may use containerd");
        }
        if (!Files.isExecutable(image.busybox())) {
            return Optional.of("there is no " + image.busybox() + " (Debian's busybox-static)");
        }
        Optional<String> plugins = ctr("plugins", "ls", "id==cri");
        if (plugins.isEmpty()) {
            return Optional.of("containerd does not answer at " + socket + ", or its program ctr is not installed");
        }
        if (plugins.get().lines().noneMatch(line -> line.matches(".*\\bcri\\b.*\\bok\\s*"))) {
            return Optional.of("containerd does not serve CRI");
        }
        return system ? ContainerdCheck.trouble() : Optional.empty();
    }

    private Optional<String> images(HostImage image, Path folder, Consumer<String> say) throws IOException {
        try {
            if (!imported(image.write(folder.resolve("app"), IMAGE))) {
                return Optional.of("containerd does not take an image");
            }
            Optional<String> pause = system ? ContainerdCheck.missingPause() : Optional.empty();
            if (pause.isPresent() && ctr("images", "pull", pause.get()).isEmpty()) {
                if (!imported(image.write(folder.resolve("pause"), pause.get()))) {
                    return Optional.of("containerd does not take a pause image");
                }
                say.accept("pause image " + pause.get() + " can't be fetched; a stand-in is imported under its name");
            }
            return system && !runs() ? Optional.of("containerd can't run a container here") : Optional.empty();
        } finally {
            Trees.delete(folder);
        }
    }

    private boolean imported(Path archive) {
        return ctr("images", "import", archive.toString()).isPresent();
    }

    /** A container is more than an engine that answers: in a container of another engine it may be forbidden. */
    private boolean runs() {
        List<String> command = List.of(
                "run",
                "--rm",
                "--snapshotter",
                ContainerdCheck.snapshotter(),
                IMAGE,
                "skep-demo-" + ProcessHandle.current().pid(),
                "/busybox",
                "true");
        return ctr(command.toArray(String[]::new)).isPresent();
    }

    private Optional<String> ctr(String... arguments) {
        return Programs.output(
                LIMIT,
                Stream.concat(Stream.of("ctr", "-a", socket.toString(), "-n", "k8s.io"), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}
