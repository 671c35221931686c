package io.skep.runtime.process.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A container's folder. The runtime writes {@link #record}, {@link #plan}, {@link #start} and {@link #end}; the scripts write
 * the rest, so that it is right whether the runtime lives or not.
 *
 * @param dir the folder; its name is the container's id
 * @param exit exit code, once it ended
 */
record ContainerFolder(Path dir, Path exit) {

    String id() {
        return dir.getFileName().toString();
    }

    /** What it is to be. */
    Path record() {
        return dir.resolve("record.json");
    }

    /** Words, variables and working folder, for the {@code launch} script. */
    Path plan() {
        return dir.resolve("plan");
    }

    /** Its mounts, for the {@code mounts} script. */
    Path mounts() {
        return dir.resolve("mounts");
    }

    /** What the {@code mounts} script mounts, as fstab(5) has it. */
    Path mountTable() {
        return dir.resolve("mounttable");
    }

    /** Where its own root is made, seen from inside only. */
    Path newRoot() {
        return dir.resolve("newroot");
    }

    /** There since we meant to start it. */
    Path start() {
        return dir.resolve("start");
    }

    /** There since somebody owns the start; made by the supervisor, or by a runtime that gave up waiting for it. */
    Path claimed() {
        return dir.resolve("claimed");
    }

    /** How it ended, as told. */
    Path end() {
        return dir.resolve("end.json");
    }

    /** What became of the start: {@code begin}, {@code failed <step> <code>}. */
    Path launch() {
        return dir.resolve("launch");
    }

    /** What the steps before the command complained of. */
    Path setup() {
        return dir.resolve("setup");
    }

    Path stdout() {
        return dir.resolve("stdout");
    }

    Path stderr() {
        return dir.resolve("stderr");
    }

    /** How far the output is in the log. */
    Path logPosition() {
        return dir.resolve("logged");
    }

    /** The container's own folder, its {@code SKEP_CONTAINER_ROOT}. */
    Path root() {
        return dir.resolve("root");
    }

    Optional<ProcessIdentity> supervisor() throws IOException {
        return text(dir.resolve("supervisor")).flatMap(ProcessIdentity::parse);
    }

    Optional<ProcessIdentity> process() throws IOException {
        return text(dir.resolve("pid")).flatMap(ProcessIdentity::parse);
    }

    Optional<String> text(Path file) throws IOException {
        try {
            return Optional.of(
                    Files.readString(file, StandardCharsets.ISO_8859_1).trim());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
