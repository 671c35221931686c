package io.skep.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skep.core.api.EdgeException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that the kernel makes read-only after a fault of the disk, as worn memory cards do: one of its own in a file,
 * aborted. Skipped where the machine lets nobody mount.
 */
class ReadOnlyDiskTest {

    @TempDir
    private Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        Path image = folder.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(64 << 20);
        }
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(run("mkfs.ext4", "-q", image.toString())
                        && run("mount", "-o", "loop", image.toString(), disk.toString()))
                .isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theStoreSaysSoRefusesWritesAndReadsNothingThatLacksWhatWasCommitted() throws Exception {
        try (DerbyDocumentStore store = Stores.open(disk.resolve("store"))) {
            store.put("a", "before", 0, "v");
            store.put("b", "uncached", 0, "v");
            assumeThat(run("mount", "-o", "remount,abort", disk.toString())).isTrue();

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> store.put("a", "during", 0, "v")).isInstanceOf(EdgeException.class);

                assertThat(store.status().writable()).isFalse();
                assertThat(store.check().message()).contains(disk.toString(), "Read-only file system");
                assertThat(store.get("a", "before")).isPresent();
                // Derby would open the tables as they were before the log was played back.
                assertThatThrownBy(() -> store.list("b", ""))
                        .isInstanceOf(EdgeException.class)
                        .hasMessageContaining("Read-only file system");
            }
        }
    }

    // What is damaged is set aside and made anew: not this.
    @Test
    void aDatabaseThatCanOnlyBeReadIsRefusedAndNotTakenForDamaged() throws Exception {
        try (DerbyDocumentStore store = Stores.open(disk.resolve("store"))) {
            store.put("a", "k", 0, "v");
        }
        assumeThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();

        try (DerbyEngine engine = new DerbyEngine(disk.resolve("store/db"), 40)) {
            assertThatThrownBy(engine::connect)
                    .hasMessageContaining("can only be read")
                    .satisfies(failure ->
                            assertThat(SqlFailure.isEnvironment(failure)).isTrue());
        }
    }
}
