package io.skep.edged.internal.volume;

import io.skep.runtime.api.machine.MachineProgram;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mounts with the machine's own programs, util-linux' or busybox's. */
final class MountCommand implements Mounter {

    private static final String MOUNT = "mount";
    private static final String UNMOUNT = "umount";
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern EFFECTIVE_UID = Pattern.compile("(?m)^Uid:\\s+\\d+\\s+(\\d+)\\s");
    private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s+([0-9a-f]+)$");

    /** {@code CAP_SYS_ADMIN} of capabilities(7). */
    private static final int MAY_MOUNT = 21;

    @Override
    public Optional<String> unable() {
        if (MachineProgram.find(MOUNT).isEmpty() || MachineProgram.find(UNMOUNT).isEmpty()) {
            return Optional.of("the node has no program to mount with");
        }
        try {
            return unable(Files.readString(STATUS));
        } catch (IOException e) {
            return Optional.of("the node does not tell whether it may mount: " + e);
        }
    }

    /** Root in a container often may not; the programs let nobody else. */
    static Optional<String> unable(String status) {
        Matcher uid = EFFECTIVE_UID.matcher(status);
        if (!uid.find() || !uid.group(1).equals("0")) {
            return Optional.of("only root may mount");
        }
        Matcher capabilities = CAPABILITIES.matcher(status);
        boolean may = capabilities.find() && new BigInteger(capabilities.group(1), 16).testBit(MAY_MOUNT);
        return may ? Optional.empty() : Optional.of("root may not mount here, without CAP_SYS_ADMIN");
    }

    @Override
    public MountTable table() throws IOException {
        return MountTable.read();
    }

    @Override
    public void tmpfs(Path folder, long bytes) throws IOException {
        // As the kernel makes one, and kubelet leaves it.
        String options = bytes > 0 ? "mode=1777,size=" + bytes : "mode=1777";
        String place = real(folder);
        MachineProgram.of(MOUNT).run("mount of " + place, List.of("-t", "tmpfs", "-o", options, "tmpfs", place));
    }

    @Override
    public void unmount(Path folder) throws IOException {
        String place = real(folder);
        MachineProgram.of(UNMOUNT).run("unmount of " + place, List.of(place));
    }

    private static String real(Path folder) throws IOException {
        return folder.toRealPath().toString();
    }
}
