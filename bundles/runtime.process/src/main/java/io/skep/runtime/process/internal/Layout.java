package io.skep.runtime.process.internal;

import io.skep.core.api.machine.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The runtime's folder.
 *
 * @param folder {@code bin} our scripts, {@code sandboxes} and {@code containers} the records, {@code exits} one file per
 *     ended container, written by its supervisor, {@code damaged} what could not be read
 */
record Layout(Path folder) {

    /** Others may pass through, so that a container under another user reaches its own folder, but not look around. */
    private static final Set<PosixFilePermission> PASS = PosixFilePermissions.fromString("rwx--x--x");

    Path bin() {
        return folder.resolve("bin");
    }

    Path sandboxes() {
        return folder.resolve("sandboxes");
    }

    Path containers() {
        return folder.resolve("containers");
    }

    Path exits() {
        return folder.resolve("exits");
    }

    Path damaged() {
        return folder.resolve("damaged");
    }

    Path sandboxRecord(String sandboxId) {
        return sandboxes().resolve(sandboxId + ".json");
    }

    ContainerFolder container(String containerId) {
        return new ContainerFolder(containers().resolve(containerId), exits().resolve(containerId));
    }

    /** Makes what is missing. Paths are real ones: mounts and links are compared by them. */
    static Layout create(Path folder) throws IOException {
        Folders.create(folder);
        Layout layout = new Layout(folder.toRealPath());
        for (Path each : List.of(
                layout.folder,
                layout.bin(),
                layout.sandboxes(),
                layout.containers(),
                layout.exits(),
                layout.damaged())) {
            Files.createDirectories(each);
            Files.setPosixFilePermissions(each, PASS);
        }
        return layout;
    }
}
