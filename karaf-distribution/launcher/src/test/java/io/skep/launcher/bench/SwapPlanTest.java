package io.skep.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SwapPlanTest {

    private static final Instance NODE = new Instance(new Home(Path.of("/opt"), Path.of("/var")), "edge");
    private static final SwapTarget SHELL = new SwapTarget(NODE, "", "shell");

    private static final List<SwapTarget> TARGETS =
            List.of(new SwapTarget(NODE, "edged", "edged"), new SwapTarget(NODE, "metamanager", "metamanager"), SHELL);

    @Test
    void aQuarterOfAModulesVersionsIsBadAndEachKindHasItsTurn() {
        List<SwapPlan.Step> steps = SwapPlan.of(TARGETS, 20, new Random(1));

        assertThat(steps).hasSize(60);
        assertThat(steps)
                .filteredOn(s -> s.target().bundle().equals("edged") && s.version() != SwapVersion.GOOD)
                .hasSize(5);
        assertThat(steps.stream().map(SwapPlan.Step::version).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(SwapVersion.values());
    }

    // Nobody supervises the update of a bundle without module: a bad one would stay.
    @Test
    void aBundleWithoutModuleGetsGoodVersionsOnly() {
        assertThat(SwapPlan.of(TARGETS, 8, new Random(1)))
                .filteredOn(s -> s.target().equals(SHELL))
                .extracting(SwapPlan.Step::version)
                .containsOnly(SwapVersion.GOOD);
    }

    @Test
    void theSameSeedGivesTheSamePlan() {
        assertThat(SwapPlan.of(TARGETS, 20, new Random(7)))
                .isEqualTo(SwapPlan.of(TARGETS, 20, new Random(7)))
                .isNotEqualTo(SwapPlan.of(TARGETS, 20, new Random(8)));
    }
}
