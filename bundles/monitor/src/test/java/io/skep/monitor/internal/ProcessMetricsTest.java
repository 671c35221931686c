package io.skep.monitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.observe.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMetricsTest {

    private static final String RESIDENT = "process_resident_memory_bytes";

    @TempDir
    Path folder;

    @Test
    void residentMemoryIsReadInBytes() throws Exception {
        Path status = Files.writeString(
                folder.resolve("status"), "VmPeak:\t  900000 kB\nVmRSS:\t  131072 kB\nThreads:\t40\n");

        assertThat(new ProcessMetrics(status).samples())
                .filteredOn(s -> s.name().equals(RESIDENT))
                .extracting(Sample::value)
                .containsExactly(134_217_728.0);
    }

    @Test
    void residentMemoryIsLeftOutWhereThereIsNoProc() {
        assertThat(new ProcessMetrics(folder.resolve("absent")).samples())
                .extracting(Sample::name)
                .doesNotContain(RESIDENT)
                .contains("jvm_threads_current");
    }
}
