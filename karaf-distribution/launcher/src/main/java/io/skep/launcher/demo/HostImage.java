package io.skep.launcher.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An image in which this machine's own programs run, without a registry: links and empty folders, into which a pod mounts the
 * machine's, and one static program that can be a pause container, too. Written as an OCI archive with the machine's tar.
 *
 * @param javaHome the JDK its containers find
 * @param busybox a static one
 */
record HostImage(Path javaHome, Path busybox) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> ROOTS = List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    static HostImage ofThisMachine() throws IOException {
        return new HostImage(Path.of(System.getProperty("java.home")).toRealPath(), Path.of("/bin/busybox"));
    }

    /** What a pod must mount, read only and at the same place, for the machine's programs and the JDK to run. */
    List<Path> mounts() throws IOException {
        TreeSet<Path> mounts = new TreeSet<>(List.of(Path.of("/usr")));
        for (String root : ROOTS) {
            Path path = Path.of("/", root);
            if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
                mounts.add(path);
            }
        }
        if (!javaHome.startsWith("/usr")) {
            mounts.add(javaHome);
        }
        // Debian keeps a JDK's configuration in /etc
        try (Stream<Path> files = Files.walk(javaHome.resolve("conf"))) {
            for (Path link :
                    (Iterable<Path>) files.filter(Files::isSymbolicLink).filter(Files::exists)::iterator) {
                Path real = link.toRealPath();
                if (real.startsWith("/etc")) {
                    mounts.add(Path.of("/").resolve(real.subpath(0, 2)));
                }
            }
        }
        return List.copyOf(mounts);
    }

    /** Writes the archive, to be imported under {@code name}, below {@code folder}. */
    Path write(Path folder, String name) throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("image/blobs/sha256"));
        Path layer = folder.resolve("layer.tar");
        tar(layer, root(folder.resolve("root")));
        String digest = sha256(Files.readAllBytes(layer));
        Files.move(layer, blobs.resolve(digest));
        Map<String, Object> config = Map.of(
                "architecture",
                System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
                "os",
                "linux",
                "config",
                Map.of(
                        "Env",
                        List.of("PATH=" + javaHome.resolve("bin") + ":/usr/bin:/bin"),
                        "Cmd",
                        List.of("/busybox", "sleep", "2147483647")),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of("sha256:" + digest)));
        Map<String, Object> manifest = Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MANIFEST,
                "config",
                blob(blobs, "application/vnd.oci.image.config.v1+json", config),
                "layers",
                List.of(descriptor(
                        "application/vnd.oci.image.layer.v1.tar", digest, Files.size(blobs.resolve(digest)))));
        Map<String, Object> entry = new LinkedHashMap<>(blob(blobs, MANIFEST, manifest));
        entry.put("annotations", Map.of("io.containerd.image.name", name));
        Path image = folder.resolve("image");
        Files.write(image.resolve("index.json"), json(Map.of("schemaVersion", 2, "manifests", List.of(entry))));
        Files.writeString(image.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Path archive = folder.resolve("image.tar");
        tar(archive, image);
        return archive;
    }

    private Path root(Path root) throws IOException {
        for (String inner : List.of("dev", "etc", "proc", "sys", "tmp")) {
            Files.createDirectories(root.resolve(inner));
        }
        for (String name : ROOTS) {
            Path there = Path.of("/", name);
            if (Files.isSymbolicLink(there)) {
                Files.createSymbolicLink(root.resolve(name), Files.readSymbolicLink(there));
            }
        }
        for (Path mount : mounts()) {
            Files.createDirectories(root.resolve(mount.toString().substring(1)));
        }
        Files.copy(busybox, root.resolve("busybox"));
        return root;
    }

    private static void tar(Path archive, Path folder) {
        List<String> command = new ArrayList<>(List.of("tar", "--owner=0", "--group=0", "--numeric-owner"));
        command.addAll(List.of("-C", folder.toString(), "-cf", archive.toString(), "."));
        Programs.output(LIMIT, command.toArray(String[]::new))
                .orElseThrow(() -> new LauncherException("tar could not write " + archive));
    }

    private static Map<String, Object> blob(Path blobs, String type, Map<String, Object> content) throws IOException {
        byte[] bytes = json(content);
        String digest = sha256(bytes);
        Files.write(blobs.resolve(digest), bytes);
        return descriptor(type, digest, bytes.length);
    }

    private static Map<String, Object> descriptor(String type, String digest, long size) {
        return Map.of("mediaType", type, "digest", "sha256:" + digest, "size", size);
    }

    private static byte[] json(Map<String, Object> value) throws JsonProcessingException {
        return JSON.writeValueAsBytes(value);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new LauncherException("this JVM has no SHA-256", e);
        }
    }
}
