package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.core.api.observe.Sample;
import io.skep.edged.internal.pressure.Reading;
import io.skep.edged.internal.pressure.Signal;
import io.skep.runtime.api.Image;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRemovalTest {

    private static final Reading FULL = new Reading(15, 100);
    private static final Reading HALF = new Reading(50, 100);

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data);
        edged.runtime.images().folder(data);
        edged.readings.put(Signal.IMAGEFS, HALF);
    }

    private void image(String id, long bytes) {
        edged.runtime.images().store(new Image(id, List.of("docker.io/library/" + id + ":1"), bytes));
    }

    private void period() {
        edged.advance(Duration.ofMinutes(5).plusSeconds(11));
    }

    private List<String> removed() {
        return edged.runtime.calls().stream()
                .filter(call -> call.startsWith("removeImage "))
                .map(call -> call.substring("removeImage ".length()))
                .toList();
    }

    private double figure(String name) {
        return edged.module.samples().stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(Sample::value)
                .findFirst()
                .orElse(-1);
    }

    @Test
    void belowTheHighMarkNothingGoes() {
        image("a", 10);
        edged.readings.put(Signal.IMAGEFS, new Reading(16, 100));
        edged.start();

        period();

        assertThat(removed()).isEmpty();
    }

    @Test
    void fromTheHighMarkOnAsManyGoAsTheLowMarkAsksFor() {
        image("a", 3);
        image("b", 3);
        image("c", 3);
        edged.readings.put(Signal.IMAGEFS, FULL);
        edged.start();

        edged.advance(Duration.ofSeconds(11));

        assertThat(removed()).hasSize(2);
        assertThat(figure("skep_images_removed")).isEqualTo(2);
        assertThat(figure("skep_images_removed_bytes")).isEqualTo(6);
    }

    @Test
    void theOneUnusedForLongestGoesFirst() {
        image("old", 5);
        image("later", 5);
        edged.start();
        edged.push(Operation.INSERT, PodDocs.pod("p", "uid-p", "{\"name\":\"p\",\"image\":\"later:1\"}"), "pod");
        period();
        edged.push(Operation.DELETE, PodDocs.pod("p", "uid-p", "{\"name\":\"p\",\"image\":\"later:1\"}"), "pod");
        edged.readings.put(Signal.IMAGEFS, FULL);

        period();

        assertThat(removed()).containsExactly("old");
    }

    @Test
    void anImageInUseStaysAndTheShortageIsTold() {
        image("used", 50);
        edged.start();
        edged.push(Operation.INSERT, PodDocs.pod("p", "uid-p", "{\"name\":\"p\",\"image\":\"used:1\"}"), "pod");
        edged.readings.put(Signal.IMAGEFS, FULL);

        period();

        assertThat(removed()).isEmpty();
        assertThat(edged.events()).contains("FreeDiskSpaceFailed");
    }

    @Test
    void whatOthersNeedStays() {
        edged.runtime.images().store(new Image("pause", List.of("pause:1"), 50, "", true));
        edged.readings.put(Signal.IMAGEFS, FULL);
        edged.start();

        period();

        assertThat(removed()).isEmpty();
    }

    @Test
    void anImageThatJustCameStays() {
        edged.start();
        edged.advance(Duration.ofSeconds(11));
        edged.readings.put(Signal.IMAGEFS, FULL);
        edged.advance(Duration.ofSeconds(288));
        image("fresh", 50);

        edged.advance(Duration.ofSeconds(20));
        List<String> early = removed();
        period();

        assertThat(early).isEmpty();
        assertThat(removed()).containsExactly("fresh");
    }

    @Test
    void aRuntimeWithoutADiskOfItsOwnIsLeftAlone() {
        edged.readings.remove(Signal.IMAGEFS);
        image("a", 50);
        edged.start();

        period();

        assertThat(removed()).isEmpty();
    }

    @Test
    void underDiskPressureUnusedImagesGoBeforeAnyPod() {
        image("a", 1);
        edged.start();
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.advance(Duration.ofSeconds(11));

        edged.readings.put(Signal.IMAGEFS, new Reading(14, 100));
        edged.advance(Duration.ofMillis(10_250));
        boolean survived = edged.runtime.running("web").isPresent();
        edged.advance(Duration.ofMillis(10_250));

        assertThat(removed()).containsExactly("a");
        assertThat(survived).isTrue();
        assertThat(edged.status("web").text("reason")).isEqualTo("Evicted");
    }
}
