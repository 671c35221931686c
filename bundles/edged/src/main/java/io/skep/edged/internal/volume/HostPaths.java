package io.skep.edged.internal.volume;

import io.skep.core.api.machine.Folders;
import io.skep.edged.internal.spec.ConfigException;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Paths of the node inside pods, checked by their type.
 *
 * <p>Source: Kubernetes {@code pkg/volume/hostpath/host_path.go}.
 */
final class HostPaths {

    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHAR_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private HostPaths() {}

    static Path of(Doc source) throws ConfigException, IOException {
        Path path = Path.of(source.text("path"));
        if (!path.isAbsolute() || !path.normalize().equals(path)) {
            throw new ConfigException("hostPath \"" + path + "\" must be absolute and must not contain '..'");
        }
        switch (source.text("type")) {
            case "" -> {}
            case "DirectoryOrCreate" -> {
                Folders.create(path);
                require(Files.isDirectory(path), path, "a directory");
            }
            case "Directory" -> require(Files.isDirectory(path), path, "a directory");
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
                require(Files.isRegularFile(path), path, "a file");
            }
            case "File" -> require(Files.isRegularFile(path), path, "a file");
            case "Socket" -> require(type(path) == SOCKET, path, "a socket");
            case "CharDevice" -> require(type(path) == CHAR_DEVICE, path, "a character device");
            case "BlockDevice" -> require(type(path) == BLOCK_DEVICE, path, "a block device");
            default -> throw new ConfigException(source.text("type") + " is an invalid volume type");
        }
        return path;
    }

    private static void require(boolean holds, Path path, String what) throws ConfigException {
        if (!holds) {
            throw new ConfigException("hostPath type check failed: " + path + " is not " + what);
        }
    }

    private static int type(Path path) throws IOException {
        if (!Files.exists(path)) {
            return 0;
        }
        Files.readAttributes(path, PosixFileAttributes.class);
        return (int) Files.getAttribute(path, "unix:mode") & FILE_TYPE;
    }
}
