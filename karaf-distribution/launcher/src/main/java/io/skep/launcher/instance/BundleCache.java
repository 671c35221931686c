package io.skep.launcher.instance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** What the framework keeps of an instance's bundles, in {@code data/cache}. */
final class BundleCache {

    private static final String FEATURES = "data/state.json";
    private static final String SETTINGS = "data/config";

    private final Path folder;

    BundleCache(Path folder) {
        this.folder = folder;
    }

    /**
     * Begins anew when the installation of the role's features never came to its end. Karaf takes what is installed for
     * running then: bundles that had not been started when the power went would never be. All that is lost is a copy of the
     * distribution's own bundles.
     */
    void discardUnfinished() {
        List<Path> bundles = bundles();
        if (!bundles.isEmpty() && !isInstalled()) {
            System.err.println(
                    "skep: the first start did not come to its end, so the bundles are installed anew in " + folder);
            bundles.forEach(Trees::delete);
        }
    }

    /**
     * Drops what an update by hand had not copied whole when the process ended: the framework would begin with that content,
     * find it damaged and drop the bundle with it. What the bundle was before the update is still beside it then.
     */
    void discardHalfUpdates() {
        bundles().forEach(bundle -> {
            Deque<Revision> revisions = new ArrayDeque<>(Revision.of(bundle));
            while (revisions.size() > 1 && !revisions.getLast().isWhole()) {
                Path half = revisions.removeLast().folder();
                System.err.println("skep: an update did not come to its end, so the bundle stays as it was: " + half);
                Trees.delete(half);
            }
        });
    }

    boolean isEmpty() {
        return bundles().isEmpty();
    }

    /** Drops Config Admin's own copy of the settings, which are read from {@code etc} again. */
    void forgetSettings() {
        bundles().forEach(bundle -> Trees.delete(bundle.resolve(SETTINGS)));
    }

    private List<Path> bundles() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> bundles = Files.list(folder)) {
            return bundles.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private LauncherException unreadable(IOException e) {
        return new LauncherException("cannot read what is installed in " + folder + ": " + e, e);
    }

    /** Whether all that the role is made of is in place; Karaf's features service notes there what is, and that it is done. */
    boolean isInstalled() {
        return bundles().stream()
                .map(bundle -> bundle.resolve(FEATURES))
                .filter(Files::exists)
                .anyMatch(this::isDone);
    }

    // One that can't be read is Karaf's to mend: it installs the features again over what is there, upgraded modules
    // too.
    private boolean isDone(Path state) {
        try {
            return new ObjectMapper().readTree(state.toFile()).path("bootDone").asBoolean();
        } catch (JsonProcessingException e) {
            return true;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
