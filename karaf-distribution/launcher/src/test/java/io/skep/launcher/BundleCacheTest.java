package io.skep.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
