package io.skep.core.api.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of the machine, some of which operators move to another disk and leave a link to. */
public final class Folders {

    private Folders() {}

    /**
     * Makes a folder and those above it, where they are not there yet; a link to a folder is one.
     *
     * @return {@code folder}
     */
    public static Path create(Path folder) throws IOException {
        // To createDirectories of the older JDK 17s a link is none: 17.0.11 refuses it, 17.0.15 does not.
        return Files.isDirectory(folder) ? folder : Files.createDirectories(folder);
    }
}
