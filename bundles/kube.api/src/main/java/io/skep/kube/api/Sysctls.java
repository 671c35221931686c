package io.skep.kube.api;

import java.util.Optional;
import java.util.Set;

/**
 * Names of the kernel's settings.
 *
 * <p>Source: Kubernetes {@code component-helpers/node/util/sysctl}.
 */
public final class Sysctls {

    private static final Set<String> OF_IPC = Set.of(
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced",
            "kernel.shm",
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.msg");

    private Sysctls() {}

    /** The namespaces that have settings of their own. */
    public enum Namespace {
        IPC,
        NET
    }

    /** The name with dots between its parts: where a slash comes first, dots and slashes change places. */
    public static String dotted(String name) {
        int slash = name.indexOf('/');
        int dot = name.indexOf('.');
        return slash < 0 || dot >= 0 && dot < slash
                ? name
                : name.replace('.', '\0').replace('/', '.').replace('\0', '/');
    }

    /**
     * The namespace a setting is of, empty for one of the whole node.
     *
     * @param name in either form, or the part of a pattern before its {@code *}
     */
    public static Optional<Namespace> namespace(String name) {
        String dotted = dotted(name);
        if (dotted.startsWith("net.")) {
            return Optional.of(Namespace.NET);
        }
        return OF_IPC.contains(dotted) || dotted.startsWith("fs.mqueue.")
                ? Optional.of(Namespace.IPC)
                : Optional.empty();
    }
}
