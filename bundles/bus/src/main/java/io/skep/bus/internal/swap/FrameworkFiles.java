package io.skep.bus.internal.swap;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the framework keeps of bundles, a folder each. It leaves to the kernel when that is on disk: after a power loss
 * within half a minute there are names and empty files, and the framework drops such a bundle whole, with the content it had
 * before. Blocks on the disk.
 */
final class FrameworkFiles {

    private static final Logger LOG = LoggerFactory.getLogger(FrameworkFiles.class);

    /** The kernel has written by itself what is older; on a busy disk it takes longer than its half a minute. */
    private static final Duration UNWRITTEN = Duration.ofMinutes(2);

    private FrameworkFiles() {}

    /** Whether {@code bundle} was changed so lately that it may not be on disk. */
    static boolean isFresh(Bundle bundle, long now) {
        return bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID
                && Math.abs(now - bundle.getLastModified()) < UNWRITTEN.toMillis();
    }

    /** Returns once {@code bundle} is on disk. If it can't be it is there all the same, if not for good: that is logged. */
    static void sync(Bundle bundle) {
        try {
            File own = bundle.getDataFile("");
            if (own != null) {
                sync(own.toPath());
            }
        } catch (IllegalStateException e) {
            LOG.debug("bundle is gone already: bundle={}", Bundles.label(bundle));
        } catch (IOException e) {
            LOG.warn("bundle may not outlive a power loss: bundle={} reason={}", Bundles.label(bundle), e.toString());
        }
    }

    // What the bundle itself keeps lies beside its content, and is its own affair.
    private static void sync(Path own) throws IOException {
        Path folder = own.toAbsolutePath().normalize().getParent();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                return each.equals(own) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                return force(each);
            }

            @Override
            public FileVisitResult visitFileFailed(Path each, IOException e) throws IOException {
                return unlessGone(e);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
                return e == null ? force(each) : unlessGone(e);
            }
        });
        force(folder.getParent());
    }

    private static FileVisitResult force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
            return FileVisitResult.CONTINUE;
        } catch (NoSuchFileException e) {
            return unlessGone(e);
        }
    }

    // The framework removes former content when it likes.
    private static FileVisitResult unlessGone(IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }
}
