package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The present content of modules' bundles, kept aside: once somebody else has updated a bundle, the framework has only the
 * new one. A file a bundle, written when its content has changed.
 */
final class PresentBundles {

    /** Content that was kept: where it lies, and its bundle as operators see it. */
    record Kept(Path file, String label) {}

    private static final Logger LOG = LoggerFactory.getLogger(PresentBundles.class);

    private final OperationFiles files;
    private final Map<Long, Kept> kept = new ConcurrentHashMap<>();

    PresentBundles(OperationFiles files) {
        this.files = files;
    }

    /** Keeps what {@code bundle} is now, if it isn't kept already; blocks on the disk. A full disk only costs the way back. */
    void keep(Bundle bundle) {
        FileTime changed = FileTime.fromMillis(bundle.getLastModified());
        String folder = Long.toString(bundle.getBundleId());
        try {
            Path file = files.snapshotOf(folder);
            if (!Files.isRegularFile(file) || !Files.getLastModifiedTime(file).equals(changed)) {
                kept.remove(bundle.getBundleId());
                file = files.snapshot(folder, bundle);
                Files.setLastModifiedTime(file, changed);
            }
            kept.put(bundle.getBundleId(), new Kept(file, Bundles.label(bundle)));
        } catch (IOException | EdgeException | IllegalStateException e) {
            LOG.warn("bundle not kept aside: bundle={} reason={}", Bundles.label(bundle), e.getMessage());
        }
    }

    /** What was kept of {@code bundle} last; any thread. */
    Optional<Kept> of(Bundle bundle) {
        return Optional.ofNullable(kept.get(bundle.getBundleId()));
    }

    /**
     * Takes what was kept of {@code bundle} out, since the next content will be kept in its place; any thread.
     *
     * @throws IOException when it can't be moved away
     */
    Kept take(Bundle bundle, Kept former) throws IOException {
        kept.remove(bundle.getBundleId());
        Path file = former.file().resolveSibling("former");
        Files.move(former.file(), file, StandardCopyOption.REPLACE_EXISTING);
        return new Kept(file, former.label());
    }

    /** Forgets a bundle that is gone. */
    void drop(Bundle bundle) {
        kept.remove(bundle.getBundleId());
        files.drop(Long.toString(bundle.getBundleId()));
    }
}
