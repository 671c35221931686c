package io.skep.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCacheTest {

    @TempDir
    private Path data;

    private Path installed(String state) throws IOException {
        Path cache = data.resolve("cache");
        Files.createDirectories(cache.resolve("bundle7/version0.0"));
        Files.createDirectories(cache.resolve("bundle19/data"));
        Files.writeString(cache.resolve("bundle19/data/state.json"), state);
        return cache;
    }

    @Test
    void whatAFirstStartLeftHalfInstalledGoes() throws IOException {
        Path cache = installed("{\"bootDone\":false,\"features\":{}}");

        new BundleCache(cache).discardUnfinished();

        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void soDoesWhatItLeftBeforeItNotedAnything() throws IOException {
        Path cache = Files.createDirectories(data.resolve("cache/bundle0")).getParent();

        new BundleCache(cache).discardUnfinished();

        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void whatIsInstalledStays() throws IOException {
        Path cache = installed("{\"bootDone\":true,\"features\":{}}");

        new BundleCache(cache).discardUnfinished();

        assertThat(cache.resolve("bundle7/version0.0")).exists();
        assertThat(new BundleCache(cache).isInstalled()).isTrue();
    }

    @Test
    void notesThatAreNotReadableAreLeftToKaraf() throws IOException {
        Path cache = installed("{\"bootDo");

        new BundleCache(cache).discardUnfinished();

        assertThat(cache.resolve("bundle19/data/state.json")).exists();
    }

    @Test
    void beforeTheFirstStartNothingIsInstalledAndNothingGoes() {
        BundleCache cache = new BundleCache(data.resolve("cache"));

        cache.discardUnfinished();

        assertThat(cache.isInstalled()).isFalse();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void whatAnUpdateHadNotCopiedWholeGoesAndTheBundleIsWhatItWas() throws IOException {
        Path cache = installed("{\"bootDone\":true}");
        Path former = revision("version0.9", true);
        Path half = revision("version0.10", true);
        Files.delete(half.resolve("revision.location"));

        new BundleCache(cache).discardHalfUpdates();

        assertThat(half).doesNotExist();
        assertThat(former.resolve("bundle.jar")).exists();
    }

    @Test
    void soDoesWhatAPowerLossLeftEmpty() throws IOException {
        Path cache = installed("{\"bootDone\":true}");
        Path former = revision("version0.1", true);
        Path empty = revision("version0.2", false);

        new BundleCache(cache).discardHalfUpdates();

        assertThat(empty).doesNotExist();
        assertThat(former).exists();
    }

    @Test
    void anUpdateThatWasCopiedStaysAndSoDoesTheOnlyContentABundleHas() throws IOException {
        Path cache = installed("{\"bootDone\":true}");
        Path former = revision("version0.1", true);
        Path update = revision("version0.2", true);

        new BundleCache(cache).discardHalfUpdates();

        assertThat(former).exists();
        assertThat(update).exists();
        assertThat(cache.resolve("bundle7/version0.0")).exists();
    }

    /** One of bundle 8, as Felix keeps it. */
    private Path revision(String name, boolean whole) throws IOException {
        Path revision = Files.createDirectories(data.resolve("cache/bundle8").resolve(name));
        Files.writeString(revision.resolve("revision.location"), "inputstream:");
        try (OutputStream out = Files.newOutputStream(revision.resolve("bundle.jar"))) {
            if (whole) {
                new JarOutputStream(out, new Manifest()).close();
            }
        }
        return revision;
    }
}
