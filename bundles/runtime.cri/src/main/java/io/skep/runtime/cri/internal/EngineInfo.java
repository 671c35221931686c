package io.skep.runtime.cri.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.StatusRuntimeException;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.RuntimeInfo;
import io.skep.runtime.cri.internal.wire.Cri;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine is, whether it can run pods, and how it wants cgroups to be named. Thread-safe. */
final class EngineInfo {

    private static final Logger LOG = LoggerFactory.getLogger(EngineInfo.class);
    private static final String API = "v1";

    private final Calls calls;
    private volatile Optional<Boolean> systemd = Optional.empty();

    EngineInfo(Calls calls) {
        this.calls = calls;
    }

    RuntimeInfo read() throws ContainerException {
        Cri.VersionResponse version = version();
        if (!version.getRuntimeApiVersion().equals(API)) {
            return new RuntimeInfo(
                    version.getRuntimeName(),
                    version.getRuntimeVersion(),
                    false,
                    "WrongApi",
                    "the engine speaks CRI " + version.getRuntimeApiVersion() + ", needed is " + API
                            + ": containerd 1.6 or CRI-O 1.20, or newer");
        }
        return status(false).getStatus().getConditionsList().stream()
                .filter(condition -> !condition.getStatus())
                .filter(condition -> condition.getType().equals("RuntimeReady")
                        || condition.getType().equals("NetworkReady"))
                .findFirst()
                .map(condition -> new RuntimeInfo(
                        version.getRuntimeName(),
                        version.getRuntimeVersion(),
                        false,
                        condition.getReason(),
                        explained(condition)))
                .orElseGet(() -> new RuntimeInfo(
                        version.getRuntimeName(), version.getRuntimeVersion(), true, "", "containers of the engine"));
    }

    private Cri.VersionResponse version() throws ContainerException {
        try {
            return calls.ask(
                    "ask the engine's version",
                    stub -> stub.version(
                            Cri.VersionRequest.newBuilder().setVersion(API).build()));
        } catch (ContainerException e) {
            doubtDriver();
            if (e.getCause() instanceof StatusRuntimeException cause && Failures.unimplemented(cause)) {
                throw new ContainerException(
                        Code.INVALID,
                        "the engine does not serve CRI v1: with containerd, \"cri\" must not be among disabled_plugins",
                        e);
            }
            throw e;
        }
    }

    private static String explained(Cri.RuntimeCondition condition) {
        String fix = condition.getType().equals("NetworkReady")
                ? ": install CNI plug-ins and put a network in the engine's CNI folder, usually /etc/cni/net.d"
                : "";
        return condition.getMessage() + fix;
    }

    private Cri.StatusResponse status(boolean verbose) throws ContainerException {
        return calls.ask(
                "ask the engine's status",
                stub -> stub.status(
                        Cri.StatusRequest.newBuilder().setVerbose(verbose).build()));
    }

    /** Whether the engine has systemd make its cgroups, rather than make them by itself. */
    boolean systemd() throws ContainerException {
        Optional<Boolean> known = systemd;
        if (known.isEmpty()) {
            boolean found = askDriver();
            LOG.info("cgroup driver of the engine: driver={}", found ? "systemd" : "cgroupfs");
            systemd = Optional.of(found);
            return found;
        }
        return known.get();
    }

    /** Has the driver asked for anew: an engine that was away, or refuses a sandbox, may have been started with the other one. */
    void doubtDriver() {
        systemd = Optional.empty();
    }

    /**
     * Whether a sandbox that is removed needn't be stopped before. CRI has its containers ended then, but only containerd gives
     * its network back as well; doing both has the network taken down twice.
     */
    boolean stopsWhatItRemoves() throws ContainerException {
        return version().getRuntimeName().equals("containerd");
    }

    /** Image of the engine's sandboxes, where it tells: no container of ours names it, and nothing runs without it. */
    Optional<String> sandboxImage() throws ContainerException {
        String name = config(status(true).getInfoMap()).path("sandboxImage").asText("");
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /** Newer engines tell by a call of its own, containerd 1.6 in its configuration. */
    private boolean askDriver() throws ContainerException {
        try {
            return calls.ask(
                            "ask the engine's cgroup driver",
                            stub -> stub.runtimeConfig(Cri.RuntimeConfigRequest.getDefaultInstance()))
                    .getLinux()
                    .getCgroupDriver()
                    .equals(Cri.CgroupDriver.SYSTEMD);
        } catch (ContainerException e) {
            if (!(e.getCause() instanceof StatusRuntimeException cause && Failures.unimplemented(cause))) {
                throw e;
            }
            return configured(status(true).getInfoMap());
        }
    }

    private static boolean configured(Map<String, String> info) throws ContainerException {
        JsonNode containerd = config(info).path("containerd");
        String name = containerd.path("defaultRuntimeName").asText("runc");
        return containerd
                .path("runtimes")
                .path(name)
                .path("options")
                .path("SystemdCgroup")
                .asBoolean(false);
    }

    private static JsonNode config(Map<String, String> info) throws ContainerException {
        try {
            return new ObjectMapper().readTree(info.getOrDefault("config", "{}"));
        } catch (JsonProcessingException e) {
            throw new ContainerException(Code.FAILED, "the engine's configuration is not JSON", e);
        }
    }
}
