package io.skep.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.store.StoreStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsTest {

    @TempDir
    static Path filled;

    @TempDir
    Path folder;

    @BeforeAll
    static void fill() {
        fill(filled);
    }

    @Test
    void documentsAreThereAfterARestart() {
        try (DerbyDocumentStore store = Stores.open(folder)) {
            store.put("a", "k", 0, "v");
        }

        try (DerbyDocumentStore store = Stores.open(folder)) {
            assertThat(store.get("a", "k").orElseThrow().body()).isEqualTo("v");
            assertThat(store.status().setAside()).isEmpty();
        }
    }

    @Test
    void aDatabaseWithoutItsPropertiesIsSetAside() {
        Stores.copy(filled, folder);
        delete(folder.resolve("db/service.properties"));

        assertSetAside();
    }

    @Test
    void aDatabaseOfGarbageIsSetAside() {
        Stores.copy(filled, folder);
        spoil(folder.resolve("db/seg0"));

        assertSetAside();
    }

    @Test
    void aDatabaseWithATruncatedTableIsSetAside() {
        Stores.copy(filled, folder);
        truncate(largest(folder.resolve("db/seg0")), 20_000);

        assertSetAside();
    }

    @Test
    void aDatabaseWithASpoiledPageIsSetAside() {
        Stores.copy(filled, folder);
        Path table = largest(folder.resolve("db/seg0"));
        write(table, read(table).length / 2, new byte[4_000]);

        assertSetAside();
    }

    @Test
    void aDatabaseWithASpoiledLogIsSetAside() {
        Stores.copy(filled, folder);
        spoil(folder.resolve("db/log"));

        assertSetAside();
    }

    @Test
    void anEmptyDatabaseFolderIsSetAside() throws IOException {
        Files.createDirectories(folder.resolve("db"));

        assertSetAside();
    }

    @Test
    void aDatabaseThatIsNoFolderIsSetAside() throws IOException {
        Files.writeString(folder.resolve("db"), "what is this");

        assertSetAside();
    }

    private void assertSetAside() {
        try (DerbyDocumentStore store = Stores.open(folder)) {
            Path aside = Path.of(store.status().setAside().orElseThrow());
            assertThat(aside).exists().hasParent(folder);
            assertThat(aside.getFileName().toString()).startsWith("db.damaged-");
            assertThat(store.check().message()).contains(aside.toString());
            assertThat(store.get("a", "k1")).isEmpty();
            store.put("a", "k1", 0, "new");
        }
        try (DerbyDocumentStore store = Stores.open(folder)) {
            assertThat(store.get("a", "k1").orElseThrow().body()).isEqualTo("new");
            assertThat(store.status().setAside()).isEmpty();
        }
    }

    @Test
    void aSecondProcessIsKeptOut() throws Exception {
        try (ChildProcess child = ChildProcess.start(LockHolder.class, folder.toString())) {
            assertThat(child.line()).isEqualTo("Ready");

            assertThatThrownBy(() -> Stores.open(folder))
                    .isInstanceOf(EdgeException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("in use by another process");
            child.kill();
        }

        Stores.open(folder).close();
    }

    @Test
    void aSecondStoreInTheSameProcessIsKeptOutAndDoesNoHarm() {
        try (DerbyDocumentStore store = Stores.open(folder)) {
            assertThatThrownBy(() -> Stores.open(folder)).hasMessageContaining("in use");

            assertThat(store.put("a", "k", 0, "v").revision()).isEqualTo(1);
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Stores.open(file.resolve("store")))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE))
                .hasMessageContaining("cannot write to the store's folder " + file);
    }

    @Test
    void aFullDiskRefusesWritesAndResumesByItself() {
        AtomicLong usable = new AtomicLong(1 << 30);
        StoreSettings settings = new StoreSettings(folder, 0, 300, 100, 1 << 20, 1 << 20, 2, Duration.ofSeconds(60));
        try (DerbyDocumentStore store = new DerbyDocumentStore(
                Database.open(settings, InstantSource.system(), disk -> usable.get()), settings.patience())) {
            store.put("a", "before", 0, "v");

            usable.set(1_000_000);
            assertThatThrownBy(() -> store.put("a", "during", 0, "v"))
                    .isInstanceOfSatisfying(
                            EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE))
                    .hasMessageContaining("disk full");
            StoreStatus full = store.status();
            assertThat(full.writable()).isFalse();
            assertThat(full.reason()).isEqualTo("DiskFull");
            assertThat(store.check().ok()).isFalse();
            assertThat(store.get("a", "before")).isPresent();

            usable.set(1 << 30);
            assertThat(store.status().reason()).isEqualTo("Ready");
            assertThat(store.put("a", "during", 0, "v").revision()).isEqualTo(1);
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        DerbyDocumentStore store = Stores.open(folder);
        store.close();
        store.close();

        assertThatThrownBy(() -> store.put("a", "k", 0, "v")).hasMessageContaining("closing");
        assertThatThrownBy(() -> store.list("a", "")).hasMessageContaining("closing");
        assertThat(store.status().reason()).isEqualTo("Closed");
    }

    // The bundle is replaced while the node runs: what stays behind keeps its class loader alive.
    @Test
    void nothingOfTheEngineIsLeftAfterClosing() {
        fill(folder);

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("derby") || name.startsWith("edge-store"));
        assertThat(java.sql.DriverManager.drivers())
                .noneMatch(driver -> driver.getClass().getName().startsWith("org.apache.derby"));
        assertThat(System.getProperties().keySet())
                .noneMatch(key -> key.toString().startsWith("derby.storage"));
        assertThat(folder.resolve("db/db.lck")).doesNotExist();
    }

    private static void fill(Path folder) {
        try (DerbyDocumentStore store = Stores.open(folder)) {
            for (int i = 0; i < 50; i++) {
                store.put("a", "k" + i, 0, "body".repeat(500));
            }
        }
    }

    private static void spoil(Path below) {
        files(below).forEach(file -> {
            byte[] garbage = read(file);
            Arrays.fill(garbage, (byte) 0x5a);
            write(file, 0, garbage);
        });
    }

    private static Path largest(Path below) {
        return files(below).stream()
                .max(Comparator.comparingLong(f -> f.toFile().length()))
                .orElseThrow();
    }

    private static List<Path> files(Path below) {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, int offset, byte[] bytes) {
        byte[] all = read(file);
        System.arraycopy(bytes, 0, all, offset, Math.min(bytes.length, all.length - offset));
        try {
            Files.write(file, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void truncate(Path file, int length) {
        try {
            Files.write(file, Arrays.copyOf(read(file), length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
