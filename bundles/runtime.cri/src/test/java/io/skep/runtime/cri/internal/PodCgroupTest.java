package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Names as kubelet gives them: an engine with the other driver refuses them. */
class PodCgroupTest {

    private static final PodCgroup POD = PodCgroup.of("skep", "burstable/pod12-34");

    @Test
    void cgroupfsIsToldAPath() {
        assertThat(POD.parent(false)).isEqualTo("/skep/burstable/pod12-34");
        assertThat(POD.folder(false)).isEqualTo(Path.of("skep/burstable/pod12-34"));
    }

    @Test
    void systemdIsToldASliceWhoseNameHoldsTheWay() {
        assertThat(POD.parent(true)).isEqualTo("skep-burstable-pod12_34.slice");
        assertThat(POD.folder(true))
                .isEqualTo(Path.of("skep.slice/skep-burstable.slice/skep-burstable-pod12_34.slice"));
    }

    @Test
    void podWithoutAPlaceOfItsOwnIsInTheRoot() {
        assertThat(PodCgroup.of("skep", "").parent(false)).isEqualTo("/skep");
        assertThat(PodCgroup.of("skep", "").parent(true)).isEqualTo("skep.slice");
        assertThat(PodCgroup.of("", "").steps()).isEmpty();
    }

    @Test
    void whatAnEngineWasToldNamesTheSamePlace() {
        assertThat(PodCgroup.told(POD.parent(false))).isEqualTo(POD);
        assertThat(PodCgroup.told(POD.parent(true)).folder(true)).isEqualTo(POD.folder(true));
        assertThat(PodCgroup.told("").steps()).isEmpty();
    }
}
