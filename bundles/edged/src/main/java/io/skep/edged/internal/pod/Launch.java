package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.ConfigException;
import io.skep.edged.internal.spec.ContainerLimits;
import io.skep.edged.internal.spec.ContainerSecurity;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Env;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.edged.internal.volume.Volumes;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerConfig.Linux;
import io.skep.runtime.api.ContainerConfig.Metadata;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerConfig.Propagation;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxStatus;
import io.skep.runtime.api.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The start of one instance of a container, from variables to running process. Runs on a worker.
 *
 * @param pod its pod
 * @param container what it is to be
 * @param attempt its number
 * @param image reference of its image
 * @param sandbox where it is to run
 * @param paths the pod's volumes
 * @param objects the ConfigMaps and Secrets at hand
 * @param dead instances before it that may go
 * @param processesOf id of the container it is to look into, {@code ""} for none
 */
record Launch(
        Pod pod,
        ContainerSpec container,
        int attempt,
        String image,
        PodSandboxStatus sandbox,
        Map<String, Path> paths,
        Map<Ref, Doc> objects,
        List<ContainerStatus> dead,
        String processesOf) {

    private static final int START_FAILED = 128;

    /**
     * What became of it.
     *
     * @param status the instance
     * @param skipped variables left out
     * @param failure why it did not start, {@code ""} when it did
     */
    record Result(ContainerStatus status, List<String> skipped, String failure) {}

    Result run(PodRuntime runtime, Volumes volumes, HostFacts facts)
            throws ConfigException, ContainerException, IOException {
        for (ContainerStatus old : dead) {
            runtime.removeContainer(old.id());
            Files.deleteIfExists(volumes.terminationPath(
                    pod.uid(), old.name(), old.metadata().attempt()));
        }
        Env env = Env.of(new PodFields(pod, facts, ips(facts)), container, objects);
        List<Mount> mounts = new ArrayList<>(volumes.mounts(container, paths, env.variables(), pod.uid()));
        Path message = volumes.terminationFile(pod.uid(), container.name(), attempt);
        mounts.add(new Mount(message.toString(), container.terminationMessagePath(), false, Propagation.PRIVATE, true));
        List<String> own = pod.hostNetwork() ? List.of() : sandbox.ips();
        volumes.hosts(pod, container, own).ifPresent(mounts::add);
        ContainerSecurity security = new ContainerSecurity(pod, container);
        SecurityContext context = security.context(security.needsImage() ? imageUser(runtime) : "");
        String id = runtime.createContainer(sandbox.id(), config(env, mounts, facts, context));
        String failure = "";
        try {
            runtime.startContainer(id);
        } catch (ContainerException e) {
            if (e.code() == ContainerException.Code.UNAVAILABLE) {
                throw e;
            }
            failure = e.getMessage();
        }
        Optional<ContainerStatus> status = runtime.containerStatus(id);
        if (status.isEmpty()) {
            throw new ContainerException(
                    ContainerException.Code.NOT_FOUND, "container " + id + " vanished at its start");
        }
        return new Result(
                failure.isEmpty() ? status.get() : failed(status.get(), said(status.get(), failure)),
                env.skipped(),
                failure);
    }

    private String imageUser(PodRuntime runtime) throws ContainerException {
        return runtime.imageStatus(image)
                .orElseThrow(() -> new ContainerException(
                        ContainerException.Code.NOT_FOUND, "image " + container.image() + " is no more"))
                .user();
    }

    /** The engine's own words, where it keeps them with the container. */
    private static String said(ContainerStatus status, String failure) {
        return status.life().reason().equals(Termination.START_ERROR)
                        && !status.life().message().isEmpty()
                ? status.life().message()
                : failure;
    }

    private List<String> ips(HostFacts facts) {
        return pod.hostNetwork() || sandbox.ips().isEmpty() ? List.of(facts.ip()) : sandbox.ips();
    }

    private ContainerConfig config(Env env, List<Mount> mounts, HostFacts facts, SecurityContext security) {
        Map<String, String> labels = new LinkedHashMap<>(pod.runtimeLabels());
        labels.put("io.kubernetes.container.name", container.name());
        Map<String, String> annotations = Map.of(
                ContainerView.IMAGE,
                container.image(),
                "io.kubernetes.container.restartCount",
                Integer.toString(attempt),
                "io.kubernetes.container.terminationMessagePath",
                container.terminationMessagePath());
        return new ContainerConfig(
                new Metadata(container.name(), attempt),
                new ImageSpec(image, container.image()),
                new Program(
                        env.expand(container.doc().texts("command")),
                        env.expand(container.doc().texts("args")),
                        container.doc().text("workingDir"),
                        env.list()),
                mounts,
                labels,
                annotations,
                new Streams(
                        container.name() + "/" + attempt + ".log",
                        container.doc().flag(false, "stdin"),
                        container.doc().flag(false, "tty")),
                new Linux(
                        ContainerLimits.resources(pod, container, facts.machineMemoryBytes()), security, processesOf));
    }

    private static ContainerStatus failed(ContainerStatus status, String failure) {
        Life life = status.life();
        boolean ended = life.state() == ContainerStatus.State.EXITED;
        return status.with(Life.ended(
                life.started(),
                life.finished().orElse(status.created()),
                ended && life.exitCode() != 0 ? life.exitCode() : START_FAILED,
                Termination.START_ERROR,
                failure));
    }
}
