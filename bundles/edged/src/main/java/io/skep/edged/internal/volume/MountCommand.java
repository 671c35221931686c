package io.skep.edged.internal.volume;

import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mounts with the machine's own programs, util-linux' or busybox's. */
final class MountCommand implements Mounter {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_TEXT = 1000;
    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern EFFECTIVE_UID = Pattern.compile("(?m)^Uid:\\s+\\d+\\s+(\\d+)\\s");
    private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s+([0-9a-f]+)$");

    /** {@code CAP_SYS_ADMIN} of capabilities(7). */
    private static final int MAY_MOUNT = 21;

    @Override
    public Optional<String> unable() {
        if (find("mount").isEmpty() || find("umount").isEmpty()) {
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
        run(program("mount"), "-t", "tmpfs", "-o", options, "tmpfs", real(folder));
    }

    @Override
    public void unmount(Path folder) throws IOException {
        run(program("umount"), real(folder));
    }

    private static String real(Path folder) throws IOException {
        return folder.toRealPath().toString();
    }

    private static Optional<Path> find(String program) {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String program(String name) throws IOException {
        return find(name)
                .orElseThrow(() -> new IOException("the node has no program " + name))
                .toString();
    }

    private static void run(String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C"));
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + ": not done after " + LIMIT.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        String.join(" ", command) + ": exit status " + process.exitValue() + ": " + said(process));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String said(Process ended) throws IOException {
        byte[] text = ended.getInputStream().readNBytes(MOST_TEXT);
        return new String(text, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    }
}
