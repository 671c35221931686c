package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Refuses pods whose names could lead a path astray, or that could never run; the API server checks the rest. */
final class Admission {

    /** A pod that can't even be spoken of. */
    static final String NAMELESS = "its namespace, name or uid is no valid name";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern UID = Pattern.compile("[-a-zA-Z0-9]{1,64}");

    private Admission() {}

    static Optional<String> unfit(Pod pod) {
        if (!NAME.matcher(pod.name()).matches()
                || !LABEL.matcher(pod.namespace()).matches()
                || !UID.matcher(pod.uid()).matches()) {
            return Optional.of(NAMELESS);
        }
        if (pod.containers().isEmpty()) {
            return Optional.of("it has no containers");
        }
        Set<String> names = new HashSet<>();
        for (ContainerSpec container : pod.allContainers()) {
            if (!LABEL.matcher(container.name()).matches()) {
                return Optional.of("container name \"" + container.name() + "\" is invalid");
            }
            if (!names.add(container.name())) {
                return Optional.of("container name \"" + container.name() + "\" occurs twice");
            }
        }
        return Optional.empty();
    }
}
