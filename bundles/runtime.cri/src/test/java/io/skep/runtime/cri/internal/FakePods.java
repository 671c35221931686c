package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import io.skep.runtime.api.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Pods for {@link FakeCri}, of one container each, their logs in a test's folder. */
final class FakePods {

    private FakePods() {}

    static PodSandboxConfig pod(String name, Path folder) {
        return pod(name, folder, "", Map.of());
    }

    static PodSandboxConfig pod(String name, Path folder, Map<String, String> sysctls) {
        return pod(name, folder, "", sysctls);
    }

    static PodSandboxConfig pod(String name, Path folder, String handler) {
        return pod(name, folder, handler, Map.of());
    }

    private static PodSandboxConfig pod(String name, Path folder, String handler, Map<String, String> sysctls) {
        return new PodSandboxConfig(
                new PodSandboxConfig.Metadata(name, "default", "uid-" + name, 0),
                name,
                folder.resolve("logs"),
                Map.of(),
                Map.of(),
                handler,
                PodSandboxConfig.Network.POD,
                new PodSandboxConfig.Linux("", Sharing.NONE, Resources.NONE, sysctls));
    }

    static ContainerConfig container(String name) {
        return new ContainerConfig(
                new ContainerConfig.Metadata(name, 0),
                ImageSpec.of("image"),
                Program.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Streams.log(name + "/0.log"),
                ContainerConfig.Linux.DEFAULT);
    }

    /** A pod of this name, its container's id. */
    static String running(CriRuntime runtime, String name, Path folder) throws ContainerException {
        String id = runtime.createContainer(runtime.runPodSandbox(pod(name, folder)), container(name));
        runtime.startContainer(id);
        return id;
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
