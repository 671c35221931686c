package io.skep.runtime.cri.internal;

import com.google.protobuf.ByteString;
import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.Resources;
import io.skep.runtime.api.ContainerConfig.SecurityContext;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.PortMapping;
import io.skep.runtime.api.RegistryAuth;
import io.skep.runtime.cri.internal.wire.Cri;
import java.util.List;
import java.util.Locale;

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
                        .setName(config.podName())
                        .setNamespace(config.podNamespace())
                        .setUid(config.podUid())
                        .setAttempt(config.attempt()))
                .setLogDirectory(config.logDirectory().toString())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setLinux(Cri.LinuxPodSandboxConfig.newBuilder()
                        .setCgroupParent(cgroupParent)
                        .putAllSysctls(config.sysctls())
                        .setSecurityContext(Cri.LinuxSandboxSecurityContext.newBuilder()
                                .setNamespaceOptions(namespaces(config))
                                .setPrivileged(config.sharing().privileged())
                                .setSeccomp(profile(config.sharing().privileged() ? "" : "RuntimeDefault"))));
        if (!config.hostNetwork()) {
            to.setHostname(config.hostname());
            config.ports().forEach(port -> to.addPortMappings(port(port)));
        }
        config.dns()
                .ifPresent(dns -> to.setDnsConfig(Cri.DNSConfig.newBuilder()
                        .addAllServers(dns.servers())
                        .addAllSearches(dns.searches())
                        .addAllOptions(dns.options())));
        return to.build();
    }

    private static Cri.PortMapping port(PortMapping port) {
        return Cri.PortMapping.newBuilder()
                .setProtocol(Cri.Protocol.valueOf(port.protocol().toUpperCase(Locale.ROOT)))
                .setContainerPort(port.containerPort())
                .setHostPort(port.hostPort())
                .setHostIp(port.hostIp())
                .build();
    }

    private static Cri.NamespaceOption namespaces(PodSandboxConfig config) {
        Cri.NamespaceMode pid = config.sharing().sharedPid() ? Cri.NamespaceMode.POD : Cri.NamespaceMode.CONTAINER;
        return Cri.NamespaceOption.newBuilder()
                .setNetwork(config.hostNetwork() ? Cri.NamespaceMode.NODE : Cri.NamespaceMode.POD)
                .setIpc(config.sharing().hostIpc() ? Cri.NamespaceMode.NODE : Cri.NamespaceMode.POD)
                .setPid(config.sharing().hostPid() ? Cri.NamespaceMode.NODE : pid)
                .build();
    }

    /** {@code sandbox} is what the container's sandbox was made of. */
    static Cri.ContainerConfig container(ContainerConfig config, Cri.PodSandboxConfig sandbox) {
        Cri.ContainerConfig.Builder to = Cri.ContainerConfig.newBuilder()
                .setMetadata(Cri.ContainerMetadata.newBuilder()
                        .setName(config.name())
                        .setAttempt(config.attempt()))
                .setImage(Cri.ImageSpec.newBuilder()
                        .setImage(config.image())
                        .setUserSpecifiedImage(config.specifiedImage()))
                .addAllCommand(config.command())
                .addAllArgs(config.args())
                .setWorkingDir(config.workingDir())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setLogPath(config.logPath())
                .setStdin(config.stdin())
                .setTty(config.tty())
                .setLinux(Cri.LinuxContainerConfig.newBuilder()
                        .setResources(resources(config.resources()))
                        .setSecurityContext(security(config.security(), namespaces(config, sandbox))));
        config.env()
                .forEach(variable -> to.addEnvs(Cri.KeyValue.newBuilder()
                        .setKey(variable.name())
                        .setValue(ByteString.copyFromUtf8(variable.value()))));
        config.mounts()
                .forEach(mount -> to.addMounts(Cri.Mount.newBuilder()
                        .setHostPath(mount.hostPath())
                        .setContainerPath(mount.containerPath())
                        .setReadonly(mount.readOnly())));
        return to.build();
    }

    private static Cri.NamespaceOption namespaces(ContainerConfig config, Cri.PodSandboxConfig sandbox) {
        Cri.NamespaceOption shared = sandbox.getLinux().getSecurityContext().getNamespaceOptions();
        return config.processesOf().isEmpty()
                ? shared
                : shared.toBuilder()
                        .setPid(Cri.NamespaceMode.TARGET)
                        .setTargetId(config.processesOf())
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

    private static Cri.LinuxContainerResources resources(Resources resources) {
        Cri.LinuxContainerResources.Builder to = Cri.LinuxContainerResources.newBuilder()
                .setCpuShares(resources.cpuShares())
                .setMemoryLimitInBytes(resources.memoryBytes())
                .setOomScoreAdj(resources.oomScoreAdj());
        if (resources.cpuMillis() > 0) {
            to.setCpuPeriod(CPU_PERIOD_MICROS)
                    .setCpuQuota(Math.max(LEAST_QUOTA_MICROS, resources.cpuMillis() * CPU_PERIOD_MICROS / 1000));
        }
        return to.build();
    }

    private static Cri.LinuxContainerSecurityContext security(SecurityContext from, Cri.NamespaceOption namespaces) {
        Cri.LinuxContainerSecurityContext.Builder to = Cri.LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces)
                .setPrivileged(from.privileged())
                .setReadonlyRootfs(from.readOnlyRootFilesystem())
                .setNoNewPrivs(from.noNewPrivileges())
                .addAllSupplementalGroups(from.supplementalGroups())
                .setCapabilities(Cri.Capability.newBuilder()
                        .addAllAddCapabilities(bare(from.addCapabilities()))
                        .addAllDropCapabilities(bare(from.dropCapabilities())))
                .setSeccomp(profile(from.privileged() ? "" : from.seccomp()));
        from.runAsUser()
                .ifPresent(user -> to.setRunAsUser(Cri.Int64Value.newBuilder().setValue(user)));
        // CRI knows a group only together with a user
        from.runAsGroup()
                .filter(group -> from.runAsUser().isPresent())
                .ifPresent(group -> to.setRunAsGroup(Cri.Int64Value.newBuilder().setValue(group)));
        return to.build();
    }

    private static List<String> bare(List<String> capabilities) {
        return capabilities.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .map(name -> name.startsWith("CAP_") ? name.substring("CAP_".length()) : name)
                .toList();
    }

    private static Cri.SecurityProfile profile(String seccomp) {
        Cri.SecurityProfile.Builder to = Cri.SecurityProfile.newBuilder();
        if (seccomp.startsWith(LOCALHOST)) {
            return to.setProfileType(Cri.SecurityProfile.ProfileType.Localhost)
                    .setLocalhostRef(seccomp.substring(LOCALHOST.length()))
                    .build();
        }
        return to.setProfileType(
                        seccomp.equals("RuntimeDefault")
                                ? Cri.SecurityProfile.ProfileType.RuntimeDefault
                                : Cri.SecurityProfile.ProfileType.Unconfined)
                .build();
    }
}
