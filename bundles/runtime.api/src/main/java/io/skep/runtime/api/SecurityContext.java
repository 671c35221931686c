package io.skep.runtime.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a container runs as and what it may.
 *
 * @param runAs who it runs as
 * @param privileged everything the node may
 * @param readOnlyRootFilesystem nothing but mounts can be written
 * @param noNewPrivileges no privileges beyond the first
 * @param capabilities how its capabilities differ from the runtime's usual ones
 * @param confinement what the kernel's security modules are told; for plain processes nothing
 */
public record SecurityContext(
        RunAs runAs,
        boolean privileged,
        boolean readOnlyRootFilesystem,
        boolean noNewPrivileges,
        Capabilities capabilities,
        Confinement confinement) {

    /** Whoever the image or the node says, and what the runtime usually grants. */
    public static final SecurityContext DEFAULT =
            new SecurityContext(RunAs.DEFAULT, false, false, false, Capabilities.DEFAULT, Confinement.NONE);

    public SecurityContext {
        Objects.requireNonNull(runAs, "runAs");
        Objects.requireNonNull(capabilities, "capabilities");
        Objects.requireNonNull(confinement, "confinement");
    }

    /**
     * Who a container runs as.
     *
     * @param user user id, or empty for the image's or the node's own
     * @param group group id, or empty
     * @param supplementalGroups further group ids
     */
    public record RunAs(Optional<Long> user, Optional<Long> group, List<Long> supplementalGroups) {
        public static final RunAs DEFAULT = new RunAs(Optional.empty(), Optional.empty(), List.of());

        public RunAs {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(group, "group");
            supplementalGroups = List.copyOf(supplementalGroups);
        }
    }

    /**
     * Profiles are {@code RuntimeDefault}, {@code Unconfined}, {@code Localhost/} with what follows naming one of the
     * node's, or {@code ""} when nothing is said.
     *
     * @param seccomp profile of the system calls; one of the node's by its absolute path
     * @param appArmor profile of AppArmor; one of the node's by its name
     * @param seLinux label of SELinux
     */
    public record Confinement(String seccomp, String appArmor, Optional<SeLinux> seLinux) {
        public static final Confinement NONE = new Confinement("", "", Optional.empty());

        public Confinement {
            Objects.requireNonNull(seccomp, "seccomp");
            Objects.requireNonNull(appArmor, "appArmor");
            Objects.requireNonNull(seLinux, "seLinux");
        }
    }

    /** Parts of a label, {@code ""} for what the runtime chooses. */
    public record SeLinux(String user, String role, String type, String level) {}

    /**
     * Capabilities beyond, or short of, the runtime's usual ones.
     *
     * @param add by name without {@code CAP_}
     * @param drop by name without {@code CAP_}; {@code ALL} for all
     */
    public record Capabilities(List<String> add, List<String> drop) {
        public static final Capabilities DEFAULT = new Capabilities(List.of(), List.of());

        public Capabilities {
            add = List.copyOf(add);
            drop = List.copyOf(drop);
        }
    }
}
