package io.skep.runtime.cri.internal;

import com.google.protobuf.ByteString;
import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Network;
import io.skep.runtime.api.PodSandboxConfig.PortMapping;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import io.skep.runtime.api.RegistryAuth;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.RunAs;
import io.skep.runtime.cri.internal.wire.Cri;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Says the port's configurations in CRI's messages.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kuberuntime/kuberuntime_sandbox.go}, {@code kuberuntime_container_linux.go} and
 * {@code security_context.go}.
 */
final class ToCri {

    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final long LEAST_QUOTA_MICROS = 1000;
    private static final String LOCALHOST = "Localhost/";

    private ToCri() {}

    /** {@code cgroupParent} in the notation of the engine's cgroup driver, or {@code ""}. */
    static Cri.PodSandboxConfig sandbox(PodSandboxConfig config, String cgroupParent) {
        Cri.PodSandboxConfig.Builder to = Cri.PodSandboxConfig.newBuilder()
                .setMetadata(Cri.PodSandboxMetadata.newBuilder()
                        .setName(config.metadata().name())
                        .setNamespace(config.metadata().namespace())
                        .setUid(config.metadata().uid())
                        .setAttempt(config.metadata().attempt()))
                .setLogDirectory(config.logDirectory().toString())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setLinux(linux(config, cgroupParent));
        Network network = config.network();
        if (!network.host()) {
            to.setHostname(config.hostname());
            network.ports().forEach(port -> to.addPortMappings(port(port)));
        }
        network.dns()
                .ifPresent(dns -> to.setDnsConfig(Cri.DNSConfig.newBuilder()
                        .addAllServers(dns.servers())
                        .addAllSearches(dns.searches())
                        .addAllOptions(dns.options())));
        return to.build();
    }

    private static Cri.LinuxPodSandboxConfig linux(PodSandboxConfig config, String cgroupParent) {
        Sharing sharing = config.linux().sharing();
        return Cri.LinuxPodSandboxConfig.newBuilder()
                .setCgroupParent(cgroupParent)
                .putAllSysctls(config.linux().sysctls())
                .setSecurityContext(Cri.LinuxSandboxSecurityContext.newBuilder()
                        .setNamespaceOptions(namespaces(config.network(), sharing))
                        .setPrivileged(sharing.privileged())
                        .setSeccomp(profile(sharing.privileged() ? "" : "RuntimeDefault")))
                .build();
    }

    private static Cri.PortMapping port(PortMapping port) {
        return Cri.PortMapping.newBuilder()
                .setProtocol(Cri.Protocol.valueOf(port.protocol().toUpperCase(Locale.ROOT)))
                .setContainerPort(port.containerPort())
                .setHostPort(port.hostPort())
                .setHostIp(port.hostIp())
                .build();
    }

    private static Cri.NamespaceOption namespaces(Network network, Sharing sharing) {
        Cri.NamespaceMode pid = sharing.sharedPid() ? Cri.NamespaceMode.POD : Cri.NamespaceMode.CONTAINER;
        return Cri.NamespaceOption.newBuilder()
                .setNetwork(network.host() ? Cri.NamespaceMode.NODE : Cri.NamespaceMode.POD)
                .setIpc(sharing.hostIpc() ? Cri.NamespaceMode.NODE : Cri.NamespaceMode.POD)
                .setPid(sharing.hostPid() ? Cri.NamespaceMode.NODE : pid)
                .build();
    }

    /**
     * {@code sandbox} is what the container's sandbox was made of; {@code unified} are files of its cgroup of version 2, and what
     * is written there.
     */
    static Cri.ContainerConfig container(
            ContainerConfig config, Cri.PodSandboxConfig sandbox, Map<String, String> unified) {
        Program program = config.program();
        Cri.ContainerConfig.Builder to = Cri.ContainerConfig.newBuilder()
                .setMetadata(Cri.ContainerMetadata.newBuilder()
                        .setName(config.metadata().name())
                        .setAttempt(config.metadata().attempt()))
                .setImage(Cri.ImageSpec.newBuilder()
                        .setImage(config.image().reference())
                        .setUserSpecifiedImage(config.image().userSpecified()))
                .addAllCommand(program.command())
                .addAllArgs(program.args())
                .setWorkingDir(program.workingDir())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setLogPath(config.streams().logPath())
                .setStdin(config.streams().stdin())
                .setTty(config.streams().tty())
                .setLinux(linux(config.linux(), sandbox, unified));
        program.env()
                .forEach(variable -> to.addEnvs(Cri.KeyValue.newBuilder()
                        .setKey(variable.name())
                        .setValue(ByteString.copyFromUtf8(variable.value()))));
        config.mounts()
                .forEach(mount -> to.addMounts(Cri.Mount.newBuilder()
                        .setHostPath(mount.hostPath())
                        .setContainerPath(mount.containerPath())
                        .setReadonly(mount.readOnly())
                        .setSelinuxRelabel(mount.owned())
                        .setPropagation(
                                switch (mount.propagation()) {
                                    case PRIVATE -> Cri.MountPropagation.PROPAGATION_PRIVATE;
                                    case HOST_TO_CONTAINER -> Cri.MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
                                    case BIDIRECTIONAL -> Cri.MountPropagation.PROPAGATION_BIDIRECTIONAL;
                                })));
        return to.build();
    }

    private static Cri.LinuxContainerConfig linux(
            ContainerConfig.Linux linux, Cri.PodSandboxConfig sandbox, Map<String, String> unified) {
        return Cri.LinuxContainerConfig.newBuilder()
                .setResources(resources(linux.resources(), unified))
                .setSecurityContext(security(linux.security(), namespaces(linux.processesOf(), sandbox)))
                .build();
    }

    private static Cri.NamespaceOption namespaces(String processesOf, Cri.PodSandboxConfig sandbox) {
        Cri.NamespaceOption shared = sandbox.getLinux().getSecurityContext().getNamespaceOptions();
        return processesOf.isEmpty()
                ? shared
                : shared.toBuilder()
                        .setPid(Cri.NamespaceMode.TARGET)
                        .setTargetId(processesOf)
                        .build();
    }

    static Cri.ImageSpec image(String image) {
        return Cri.ImageSpec.newBuilder().setImage(image).build();
    }

    static Cri.AuthConfig auth(RegistryAuth auth) {
        return Cri.AuthConfig.newBuilder()
                .setUsername(auth.username())
                .setPassword(auth.password())
                .setRegistryToken(auth.registryToken())
                .build();
    }

    private static Cri.LinuxContainerResources resources(Resources resources, Map<String, String> unified) {
        Cri.LinuxContainerResources.Builder to = Cri.LinuxContainerResources.newBuilder()
                .setCpuShares(resources.cpuShares())
                .setMemoryLimitInBytes(resources.memoryBytes())
                .setOomScoreAdj(resources.oomScoreAdj())
                .putAllUnified(unified);
        if (resources.cpuMillis() > 0) {
            to.setCpuPeriod(CPU_PERIOD_MICROS)
                    .setCpuQuota(Math.max(LEAST_QUOTA_MICROS, resources.cpuMillis() * CPU_PERIOD_MICROS / 1000));
        }
        return to.build();
    }

    private static Cri.LinuxContainerSecurityContext security(SecurityContext from, Cri.NamespaceOption namespaces) {
        RunAs runAs = from.runAs();
        Cri.LinuxContainerSecurityContext.Builder to = Cri.LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces)
                .setPrivileged(from.privileged())
                .setReadonlyRootfs(from.readOnlyRootFilesystem())
                .setNoNewPrivs(from.noNewPrivileges())
                .addAllSupplementalGroups(runAs.supplementalGroups())
                .setCapabilities(Cri.Capability.newBuilder()
                        .addAllAddCapabilities(bare(from.capabilities().add()))
                        .addAllDropCapabilities(bare(from.capabilities().drop())))
                .setSeccomp(profile(from.privileged() ? "" : from.confinement().seccomp()));
        // Where nothing is said of it the engine's own profile is right, if the kernel knows AppArmor at all.
        if (!from.confinement().appArmor().isEmpty()) {
            to.setApparmor(profile(from.confinement().appArmor()));
        }
        from.confinement().seLinux().ifPresent(label -> to.setSelinuxOptions(seLinux(label)));
        runAs.user()
                .ifPresent(user -> to.setRunAsUser(Cri.Int64Value.newBuilder().setValue(user)));
        // CRI knows a group only together with a user
        runAs.group()
                .filter(group -> runAs.user().isPresent())
                .ifPresent(group -> to.setRunAsGroup(Cri.Int64Value.newBuilder().setValue(group)));
        return to.build();
    }

    private static List<String> bare(List<String> capabilities) {
        return capabilities.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .map(name -> name.startsWith("CAP_") ? name.substring("CAP_".length()) : name)
                .toList();
    }

    private static Cri.SELinuxOption seLinux(SecurityContext.SeLinux label) {
        return Cri.SELinuxOption.newBuilder()
                .setUser(label.user())
                .setRole(label.role())
                .setType(label.type())
                .setLevel(label.level())
                .build();
    }

    private static Cri.SecurityProfile profile(String named) {
        Cri.SecurityProfile.Builder to = Cri.SecurityProfile.newBuilder();
        if (named.startsWith(LOCALHOST)) {
            return to.setProfileType(Cri.SecurityProfile.ProfileType.Localhost)
                    .setLocalhostRef(named.substring(LOCALHOST.length()))
                    .build();
        }
        return to.setProfileType(
                        named.equals("RuntimeDefault")
                                ? Cri.SecurityProfile.ProfileType.RuntimeDefault
                                : Cri.SecurityProfile.ProfileType.Unconfined)
                .build();
    }
}
