package io.skep.edged.internal.manifest;

import io.skep.core.api.EdgeException;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of static pods: a pod a file, {@code .yaml}, {@code .yml} or {@code .json}; others, hidden files and folders
 * are none of its business. Blocks on the disk; a file is read again only when it changed.
 */
public final class ManifestFolder {

    private static final int MOST_FILES = 256;
    private static final long MOST_BYTES = 1 << 20;

    private final Optional<Path> folder;
    private final String node;

    /** @param folder empty where there are no static pods */
    public ManifestFolder(Optional<Path> folder, String node) {
        this.folder = folder;
        this.node = node;
    }

    /** Whether it is worth looking. */
    public boolean configured() {
        return folder.isPresent();
    }

    /**
     * What is in it now, in the order of the names.
     *
     * @param before what {@link #read} returned last
     * @throws IOException when the folder can't be listed: nothing is known of it then
     */
    public List<Manifest> read(List<Manifest> before) throws IOException {
        if (folder.isEmpty()) {
            return List.of();
        }
        Map<String, Manifest> known = before.stream().collect(Collectors.toMap(Manifest::file, Function.identity()));
        List<Manifest> all = new ArrayList<>();
        for (Path file : files(folder.get())) {
            read(file, known).ifPresent(all::add);
        }
        return all;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(
                            file -> file.getFileName().toString().matches("[^.].*\\.(ya?ml|json)"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .limit(MOST_FILES + 1L)
                    .toList();
            if (files.size() > MOST_FILES) {
                throw new IOException("more than " + MOST_FILES + " files");
            }
            return files;
        }
    }

    private Optional<Manifest> read(Path path, Map<String, Manifest> known) {
        String file = path.getFileName().toString();
        Optional<Manifest> before = Optional.ofNullable(known.get(file));
        String stamp = "";
        try {
            BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
            stamp = facts.size() + " " + facts.lastModifiedTime().toInstant() + " " + facts.fileKey();
            if (before.isPresent() && before.get().stamp().equals(stamp)) {
                return before;
            }
            if (facts.size() > MOST_BYTES) {
                return Optional.of(bad(file, stamp, before, "it has more than " + MOST_BYTES + " bytes"));
            }
            return Optional.of(Manifest.good(file, stamp, StaticPod.of(document(path), file, node)));
        } catch (NoSuchFileException e) {
            // It went while the folder was read.
            return Optional.empty();
        } catch (IOException | EdgeException e) {
            return Optional.of(bad(file, stamp, before, e.getMessage()));
        }
    }

    private static Manifest bad(String file, String stamp, Optional<Manifest> before, String why) {
        return Manifest.bad(file, stamp, before.flatMap(Manifest::pod), why);
    }

    private static Doc document(Path path) throws IOException {
        String text = Files.readString(path, StandardCharsets.UTF_8);
        return path.toString().endsWith(".json") ? Json.object(text) : Yaml.object(text);
    }
}
