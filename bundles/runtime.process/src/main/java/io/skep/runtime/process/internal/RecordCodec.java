package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Network;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.RunAs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records as JSON text. Reading throws {@link IllegalArgumentException} for what is no record. */
final class RecordCodec {

    private RecordCodec() {}

    static String write(SandboxRecord record) {
        PodSandboxConfig config = record.config();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", record.id());
        json.put("created", record.created().toString());
        json.put("bootId", record.bootId());
        json.put("stopped", record.stopped());
        json.put("podName", config.metadata().name());
        json.put("podNamespace", config.metadata().namespace());
        json.put("podUid", config.metadata().uid());
        json.put("attempt", config.metadata().attempt());
        json.put("hostname", config.hostname());
        json.put("logDirectory", config.logDirectory().toString());
        json.put("labels", config.labels());
        json.put("annotations", config.annotations());
        json.put("runtimeHandler", config.runtimeHandler());
        json.put("cgroupParent", config.linux().cgroupParent());
        json.put("hostNetwork", config.network().host());
        return Json.write(json);
    }

    static SandboxRecord sandbox(String text) {
        Fields json = new Fields(Json.read(text));
        PodSandboxConfig config = new PodSandboxConfig(
                new PodSandboxConfig.Metadata(
                        json.text("podName"), json.text("podNamespace"), json.text("podUid"), json.integer("attempt")),
                json.text("hostname"),
                Path.of(json.text("logDirectory")),
                json.texts("labels"),
                json.texts("annotations"),
                json.text("runtimeHandler"),
                json.flag("hostNetwork") ? Network.HOST : Network.POD,
                new PodSandboxConfig.Linux(json.text("cgroupParent"), Sharing.NONE, Resources.NONE, Map.of()));
        return new SandboxRecord(
                json.text("id"), json.instant("created"), json.text("bootId"), json.flag("stopped"), config);
    }

    static String write(ContainerRecord record) {
        ContainerConfig config = record.config();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", record.id());
        json.put("sandboxId", record.sandboxId());
        json.put("podUid", record.podUid());
        json.put("hostname", record.hostname());
        json.put("created", record.created().toString());
        json.put("logFile", record.logFile().toString());
        json.put("namespaced", record.namespaced());
        json.put("name", config.metadata().name());
        json.put("attempt", config.metadata().attempt());
        json.put("image", config.image().reference());
        json.put("command", config.program().command());
        json.put("args", config.program().args());
        json.put("workingDir", config.program().workingDir());
        json.put(
                "env",
                config.program().env().stream()
                        .map(each -> List.of(each.name(), each.value()))
                        .toList());
        json.put(
                "mounts",
                config.mounts().stream()
                        .map(each -> List.of(each.hostPath(), each.containerPath(), each.readOnly()))
                        .toList());
        json.put("labels", config.labels());
        json.put("annotations", config.annotations());
        json.put("logPath", config.streams().logPath());
        json.put("resources", resources(config.linux().resources()));
        json.put("security", security(config.linux().security()));
        return Json.write(json);
    }

    static ContainerRecord container(String text) {
        Fields json = new Fields(Json.read(text));
        ContainerConfig config = new ContainerConfig(
                new ContainerConfig.Metadata(json.text("name"), json.integer("attempt")),
                ImageSpec.of(json.text("image")),
                program(json),
                json.rows("mounts").stream()
                        .map(each -> new Mount((String) each.get(0), (String) each.get(1), (Boolean) each.get(2)))
                        .toList(),
                json.texts("labels"),
                json.texts("annotations"),
                Streams.log(json.text("logPath")),
                new ContainerConfig.Linux(resources(json.object("resources")), security(json.object("security")), ""));
        return new ContainerRecord(
                json.text("id"),
                json.text("sandboxId"),
                json.text("podUid"),
                json.text("hostname"),
                json.instant("created"),
                Path.of(json.text("logFile")),
                json.flag("namespaced"),
                config);
    }

    static String write(Life end) {
        Map<String, Object> json = new LinkedHashMap<>();
        end.started().ifPresent(at -> json.put("started", at.toString()));
        end.finished().ifPresent(at -> json.put("finished", at.toString()));
        json.put("exitCode", end.exitCode());
        json.put("reason", end.reason());
        json.put("message", end.message());
        return Json.write(json);
    }

    static Life end(String text) {
        Fields json = new Fields(Json.read(text));
        return Life.ended(
                json.has("started") ? Optional.of(json.instant("started")) : Optional.empty(),
                json.instant("finished"),
                json.integer("exitCode"),
                json.text("reason"),
                json.text("message"));
    }

    private static Program program(Fields json) {
        return new Program(
                json.list("command", String.class),
                json.list("args", String.class),
                json.text("workingDir"),
                json.rows("env").stream()
                        .map(each -> new EnvVar((String) each.get(0), (String) each.get(1)))
                        .toList());
    }

    private static Map<String, Object> resources(Resources resources) {
        return Map.of(
                "cpuMillis", resources.cpuMillis(),
                "cpuShares", resources.cpuShares(),
                "memoryBytes", resources.memoryBytes(),
                "oomScoreAdj", resources.oomScoreAdj());
    }

    private static Resources resources(Fields json) {
        return new Resources(
                json.number("cpuMillis"),
                json.number("cpuShares"),
                json.number("memoryBytes"),
                json.integer("oomScoreAdj"));
    }

    private static Map<String, Object> security(SecurityContext security) {
        Map<String, Object> json = new LinkedHashMap<>();
        security.runAs().user().ifPresent(id -> json.put("runAsUser", id));
        security.runAs().group().ifPresent(id -> json.put("runAsGroup", id));
        json.put("supplementalGroups", security.runAs().supplementalGroups());
        json.put("privileged", security.privileged());
        json.put("readOnlyRootFilesystem", security.readOnlyRootFilesystem());
        json.put("noNewPrivileges", security.noNewPrivileges());
        json.put("addCapabilities", security.capabilities().add());
        json.put("dropCapabilities", security.capabilities().drop());
        return json;
    }

    private static SecurityContext security(Fields json) {
        return new SecurityContext(
                new RunAs(
                        json.has("runAsUser") ? Optional.of(json.number("runAsUser")) : Optional.empty(),
                        json.has("runAsGroup") ? Optional.of(json.number("runAsGroup")) : Optional.empty(),
                        json.list("supplementalGroups", Number.class).stream()
                                .map(Number::longValue)
                                .toList()),
                json.flag("privileged"),
                json.flag("readOnlyRootFilesystem"),
                json.flag("noNewPrivileges"),
                new Capabilities(
                        json.list("addCapabilities", String.class), json.list("dropCapabilities", String.class)),
                Confinement.NONE);
    }

    /** Typed access; what is absent or of another type is no record. */
    private record Fields(Map<String, Object> values) {

        boolean has(String name) {
            return values.containsKey(name);
        }

        String text(String name) {
            return get(name, String.class);
        }

        long number(String name) {
            return get(name, Number.class).longValue();
        }

        int integer(String name) {
            return (int) number(name);
        }

        boolean flag(String name) {
            return get(name, Boolean.class);
        }

        Instant instant(String name) {
            return Instant.parse(text(name));
        }

        <T> List<T> list(String name, Class<T> type) {
            List<T> values = new ArrayList<>();
            for (Object each : get(name, List.class)) {
                values.add(cast(name, each, type));
            }
            return values;
        }

        List<List<?>> rows(String name) {
            List<List<?>> rows = new ArrayList<>();
            for (Object each : get(name, List.class)) {
                rows.add(cast(name, each, List.class));
            }
            return rows;
        }

        Map<String, String> texts(String name) {
            Map<String, String> texts = new LinkedHashMap<>();
            object(name).values().forEach((key, value) -> texts.put(key, cast(name, value, String.class)));
            return texts;
        }

        Fields object(String name) {
            Map<String, Object> object = new LinkedHashMap<>();
            Map<?, ?> raw = get(name, Map.class);
            raw.forEach((key, value) -> object.put(String.valueOf(key), value));
            return new Fields(object);
        }

        private <T> T get(String name, Class<T> type) {
            return cast(name, values.get(name), type);
        }

        private static <T> T cast(String name, Object value, Class<T> type) {
            if (!type.isInstance(value)) {
                throw new IllegalArgumentException("field " + name + " is no " + type.getSimpleName());
            }
            return type.cast(value);
        }
    }
}
