package io.skep.edged.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.edged.internal.pressure.Thresholds;
import io.skep.kube.api.Doc;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the scheduler is told it may give away. */
class AllotmentTest {

    private static final Machine.Facts TWO_CORES = new Machine.Facts("m", "b", "k", "os", "amd64", 2);
    private static final Machine.Load LOAD = new Machine.Load(4L << 30, 3L << 30, 100L << 30, 50L << 30, 1000, 10);

    private static Doc status(Allotment allotment) {
        return NodeDocs.status(
                new NodeDocs.View(
                        new Identity("edge-1", "", Map.of(), 10350),
                        List.of("192.0.2.1"),
                        TWO_CORES,
                        LOAD,
                        "containerd://1.6",
                        "",
                        Set.of(),
                        allotment),
                Doc.EMPTY,
                Instant.EPOCH);
    }

    @Test
    void whatIsReservedIsNotAllocatable() {
        Doc status = status(new Allotment(110, 250, 512L << 20, 10L << 30, Thresholds.DEFAULT));

        assertThat(status.textMap("allocatable"))
                .containsEntry("cpu", "1750m")
                .containsEntry("memory", ((4096 - 512 - 100) << 10) + "Ki")
                .containsEntry("ephemeral-storage", Long.toString(80L << 30))
                .containsEntry("pods", "110");
        assertThat(status.textMap("capacity")).containsEntry("cpu", "2").containsEntry("memory", (4096 << 10) + "Ki");
    }

    @Test
    void moreReservedThanThereIsLeavesNothing() {
        Doc status = status(new Allotment(110, 9000, 9L << 30, 0, Thresholds.DEFAULT));

        assertThat(status.textMap("allocatable")).containsEntry("cpu", "0").containsEntry("memory", "0Ki");
    }
}
