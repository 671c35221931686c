package io.skep.core.api.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The name of this machine, which a node has unless it is given another. */
public final class HostName {

    /** Asked before a resolver, which may not know this machine, or take long without a network. */
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** In lower case, as Kubernetes' names are; empty when neither the kernel nor a resolver tells it. */
    public static Optional<String> ofThisMachine() {
        return of(KERNEL);
    }

    static Optional<String> of(Path kernel) {
        try {
            String name = Files.isReadable(kernel)
                    ? Files.readString(kernel).strip()
                    : InetAddress.getLocalHost().getHostName();
            return Optional.of(name.toLowerCase(Locale.ROOT)).filter(known -> !known.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
