package io.skep.edgestream.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a command ended, as kubelet tells it on the error stream.
 *
 * <p>Source: Kubernetes v1.32 {@code k8s.io/kubelet/pkg/cri/streaming/remotecommand/exec.go}.
 *
 * @param json a {@code v1.Status}
 * @param message for protocols before version 4, which know text alone; {@code ""} for success
 */
record ExitStatus(String json, String message) {

    private static final JsonMapper MAPPER = new JsonMapper();

    static ExitStatus of(int exitCode) {
        if (exitCode == 0) {
            return status("Success", Map.of(), "");
        }
        return status(
                "Failure",
                Map.of(
                        "reason",
                        "NonZeroExitCode",
                        "details",
                        Map.of("causes", List.of(Map.of("reason", "ExitCode", "message", Integer.toString(exitCode))))),
                "command terminated with non-zero exit code: exit status " + exitCode);
    }

    /** It could not be run. */
    static ExitStatus failed(String why) {
        return status(
                "Failure",
                Map.of(
                        "reason",
                        "InternalError",
                        "details",
                        Map.of("causes", List.of(Map.of("message", why))),
                        "code",
                        500),
                "Internal error occurred: " + why);
    }

    private static ExitStatus status(String status, Map<String, Object> more, String message) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("metadata", Map.of());
        all.put("status", status);
        if (!message.isEmpty()) {
            all.put("message", message);
        }
        all.putAll(more);
        try {
            return new ExitStatus(MAPPER.writeValueAsString(all), message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON value", e);
        }
    }
}
