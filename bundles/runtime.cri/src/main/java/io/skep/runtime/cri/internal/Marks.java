package io.skep.runtime.cri.internal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.cri.internal.wire.Cri;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * What is written on sandboxes and containers for ourselves: whose they are, since an engine may have other users whose pods
 * are none of ours, and what a sandbox was made of, since CRI wants to be told again with every container and the next
 * process must know it too.
 */
final class Marks {

    private static final String OWNER = "io.skep.owner";
    private static final String SANDBOX = "io.skep.runtime.cri/sandbox";

    private final String owner;

    Marks(String owner) {
        this.owner = owner;
    }

    /** What to ask an engine for to be told of ours only. */
    Map<String, String> selector() {
        return Map.of(OWNER, owner);
    }

    Cri.PodSandboxConfig on(Cri.PodSandboxConfig config) {
        String copy = Base64.getEncoder()
                .encodeToString(config.toBuilder().clearAnnotations().build().toByteArray());
        return config.toBuilder()
                .putLabels(OWNER, owner)
                .putAnnotations(SANDBOX, copy)
                .build();
    }

    Cri.ContainerConfig on(Cri.ContainerConfig config) {
        return config.toBuilder().putLabels(OWNER, owner).build();
    }

    /** What a sandbox of ours was made of, its annotations left out. */
    static Cri.PodSandboxConfig madeOf(Cri.PodSandboxStatus sandbox) throws ContainerException {
        try {
            byte[] copy = Base64.getDecoder().decode(sandbox.getAnnotationsOrDefault(SANDBOX, ""));
            return Cri.PodSandboxConfig.parseFrom(copy);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new ContainerException(
                    Code.INVALID, "sandbox " + sandbox.getId() + " has a damaged annotation " + SANDBOX, e);
        }
    }

    static Map<String, String> withoutLabels(Map<String, String> labels) {
        return without(labels, OWNER);
    }

    static Map<String, String> withoutAnnotations(Map<String, String> annotations) {
        return without(annotations, SANDBOX);
    }

    private static Map<String, String> without(Map<String, String> all, String key) {
        Map<String, String> rest = new HashMap<>(all);
        rest.remove(key);
        return rest;
    }
}
