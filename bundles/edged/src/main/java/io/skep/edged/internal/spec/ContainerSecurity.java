package io.skep.edged.internal.spec;

import io.skep.kube.api.Doc;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.RunAs;
import io.skep.runtime.api.SecurityContext.SeLinux;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a container runs as and what it may: its own word, else its pod's.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kuberuntime/security_context.go} and {@code security_context_others.go}.
 */
public record ContainerSecurity(Pod pod, ContainerSpec container) {

    /** Where kubelet looks for a seccomp profile of the node's own. */
    private static final String PROFILES = "/var/lib/kubelet/seccomp/";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** Whether somebody has to know whom its image runs as. */
    public boolean needsImage() {
        return user().isEmpty() && (mustNotBeRoot() || group().isPresent());
    }

    /**
     * What the runtime is told.
     *
     * @param imageUser as in {@link io.skep.runtime.api.Image#user()}; looked at when {@link #needsImage}
     * @throws ConfigException when it would run as root and must not, or might
     */
    public SecurityContext context(String imageUser) throws ConfigException {
        if (mustNotBeRoot()) {
            requireNonRoot(imageUser);
        }
        return new SecurityContext(
                new RunAs(needsImage() ? id(imageUser) : user(), group(), groups()),
                own().flag(false, "privileged"),
                own().flag(false, "readOnlyRootFilesystem"),
                !own().flag(true, "allowPrivilegeEscalation"),
                new Capabilities(own().texts("capabilities", "add"), own().texts("capabilities", "drop")),
                new Confinement(
                        profile("seccompProfile", PROFILES),
                        profile("appArmorProfile", ""),
                        of("seLinuxOptions").map(ContainerSecurity::seLinux)));
    }

    private void requireNonRoot(String imageUser) throws ConfigException {
        if (user().isPresent()) {
            if (user().get() == 0) {
                throw refused("container's runAsUser breaks non-root policy");
            }
        } else if (id(imageUser).isEmpty()) {
            throw refused("container has runAsNonRoot and image has non-numeric user (" + imageUser
                    + "), cannot verify user is non-root");
        } else if (id(imageUser).get() == 0) {
            throw refused("container has runAsNonRoot and image will run as root");
        }
    }

    private ConfigException refused(String why) {
        return new ConfigException(why + " (pod: \"" + pod.name() + "_" + pod.namespace() + "(" + pod.uid()
                + ")\", container: " + container.name() + ")");
    }

    private Doc own() {
        return container.doc().object("securityContext");
    }

    private Doc shared() {
        return pod.spec().object("securityContext");
    }

    private boolean mustNotBeRoot() {
        return own().flag(shared().flag(false, "runAsNonRoot"), "runAsNonRoot");
    }

    private Optional<Long> user() {
        return number("runAsUser");
    }

    private Optional<Long> group() {
        return number("runAsGroup");
    }

    private Optional<Long> number(String field) {
        return own().has(field) || shared().has(field)
                ? Optional.of(own().number(shared().number(0, field), field))
                : Optional.empty();
    }

    /** A number, root when nobody is named; empty for a name. */
    private static Optional<Long> id(String imageUser) {
        if (imageUser.isEmpty()) {
            return Optional.of(0L);
        }
        return NUMBER.matcher(imageUser).matches() ? Optional.of(Long.parseLong(imageUser)) : Optional.empty();
    }

    private List<Long> groups() {
        List<Long> groups = new ArrayList<>();
        shared().items("supplementalGroups").forEach(group -> {
            if (group instanceof Number number) {
                groups.add(number.longValue());
            }
        });
        if (shared().has("fsGroup") && !groups.contains(shared().number(0, "fsGroup"))) {
            groups.add(shared().number(0, "fsGroup"));
        }
        return groups;
    }

    private Optional<Doc> of(String field) {
        return own().has(field)
                ? Optional.of(own().object(field))
                : shared().has(field) ? Optional.of(shared().object(field)) : Optional.empty();
    }

    private String profile(String field, String folder) {
        Doc profile = of(field).orElse(Doc.EMPTY);
        String type = profile.text("type");
        return type.equals("Localhost") ? "Localhost/" + folder + profile.text("localhostProfile") : type;
    }

    private static SeLinux seLinux(Doc options) {
        return new SeLinux(options.text("user"), options.text("role"), options.text("type"), options.text("level"));
    }
}
