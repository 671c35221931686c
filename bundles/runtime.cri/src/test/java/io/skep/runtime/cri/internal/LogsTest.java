package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.skep.runtime.api.ContainerLogFiles;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limits of logs on an engine that writes nothing by itself: the test does. */
class LogsTest extends OnFakeCri {

    private static final String FULL = "x".repeat((int) LOGS.bytes());

    private PodRuntime.Subscription watching;
    private String container;
    private ContainerLogFiles log;

    LogsTest() {
        super(Duration.ofSeconds(4));
    }

    @BeforeEach
    void begin() throws Exception {
        container = FakePods.running(runtime, "web", folder);
        log = new ContainerLogFiles(Path.of(cri.engine().log(container)));
        write("a line");
        watching = runtime.subscribe(event -> {});
    }

    @AfterEach
    void end() {
        watching.close();
    }

    private void write(String text) throws IOException {
        Files.writeString(log.current(), text);
    }

    private List<Path> rotated() throws IOException {
        return log.rotated();
    }

    @Test
    void fullLogIsMovedAwayAndTheNextOneBegun() throws Exception {
        write(FULL);

        Eventually.holds("the next one is begun", () -> !rotated().isEmpty() && Files.exists(log.current()));

        assertThat(rotated()).singleElement().satisfies(old -> assertThat(old).hasContent(FULL));
        assertThat(log.current()).isEmptyFile();
    }

    @Test
    void oldestGoesWhenThereAreTooMany() throws Exception {
        for (int i = 0; i < LOGS.files() + 2; i++) {
            write(FULL + i);
            Eventually.holds("it is rotated", () -> Files.exists(log.current()) && Files.size(log.current()) == 0);
        }
        Eventually.holds("the oldest are gone", () -> rotated().size() == LOGS.files() - 1);

        assertThat(rotated().get(0)).hasContent(FULL + LOGS.files());
    }

    @Test
    void logIsPutBackWhenTheEngineOpensNoOther() throws Exception {
        cri.fail("ReopenContainerLog", Status.UNKNOWN);
        write(FULL);
        Eventually.holds(
                "it was tried twice",
                () -> cri.calls().stream().filter("ReopenContainerLog"::equals).count() > 1);
        cri.fail("ReopenContainerLog", Status.OK);

        // A try that fails has it moved away for a moment, too.
        Eventually.holds("it is rotated after all", () -> rotated().size() == 1 && Files.size(log.current()) == 0);
        assertThat(rotated().get(0)).hasContent(FULL);
    }

    /** The node's process may be killed right after it moved the file away. */
    @Test
    void engineThatWritesOnIntoAFileMovedAwayIsToldToOpenAnother() throws Exception {
        Files.delete(log.current());

        Eventually.holds("it is open", () -> Files.exists(log.current()));
    }

    // CRI-O's refusal has no code that tells it from a failure, so each pod that goes would be warned of.
    @Test
    void engineIsNotAskedForTheLogOfWhatHasEnded() throws Exception {
        Files.delete(log.current());
        Eventually.holds("it is open", () -> Files.exists(log.current()));
        cri.engine().exit(container, 0);
        Files.delete(log.current());
        long listings = listings();

        Eventually.holds("they are listed anew", () -> listings() > listings);

        assertThat(cri.calls()).containsOnlyOnce("ReopenContainerLog");
        assertThat(log.current()).doesNotExist();
    }

    private long listings() {
        return cri.calls().stream().filter("ListContainers"::equals).count();
    }

    @Test
    void logOfARemovedContainerGoesWithAllItsFiles() throws Exception {
        write(FULL);
        Eventually.holds("it is rotated", () -> Files.exists(log.current()) && Files.size(log.current()) == 0);

        runtime.removeContainer(container);

        assertThat(log.current().getParent()).isEmptyDirectory();
    }
}
