package io.skep.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The class-data archive of a role, made once by an instance that is started for it on free ports, twice, and thrown
 * away. With it a role starts faster and in less memory; without it nothing is wrong.
 */
final class ClassDataArchive {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private ClassDataArchive() {}

    /** Where the archives of all roles are. */
    static Path folder(Home home) {
        Path instances = home.instances();
        return switch (instances.getFileName().toString()) {
            case ".archive" -> instances;
            case ".bench" -> instances.resolveSibling(".archive");
            default -> instances.resolve(".archive");
        };
    }

    /** Makes the archive of the instance's role, unless there is one of this distribution already. */
    static void make(Instance instance) {
        Home home = new Home(instance.home().distribution(), folder(instance.home()));
        Instance training = home.instance(instance.role().id());
        if (Jvm.of(instance).archived()) {
            return;
        }
        System.err.println("preparing the " + instance.role().id() + " role for fast starts (once)");
        delete(training.folder());
        training.create(instance.role());
        training.configure(freePorts());
        Jvm jvm = Jvm.of(training);
        try {
            Files.deleteIfExists(jvm.archive());
            run(training);
            run(training);
        } catch (IOException e) {
            throw new LauncherException("cannot replace " + jvm.archive() + ": " + e, e);
        } finally {
            delete(training.folder());
        }
    }

    /** Settings that give an instance of any role ports nobody has. */
    static List<String> freePorts() {
        return Ports.KEYS.stream()
                .map(key -> key.pid() + ":" + key.key() + "=" + freePort())
                .toList();
    }

    private static void run(Instance training) {
        training.start(Map.of());
        Monitor monitor = new Monitor(training);
        Waiting.until(LIMIT, () -> monitor.ready() || training.process().isEmpty());
        training.stop(LIMIT);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
