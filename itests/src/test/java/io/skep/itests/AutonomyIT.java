package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.Commands.Outcome;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.TestSystem;
import io.skep.runtime.cri.internal.Containerd;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The autonomy story, told by the demo itself, which checks each of its steps. */
class AutonomyIT {

    @Test
    void everyStepOfTheDemoIsSeen() {
        try (TestSystem system = system("autonomy")) {
            everyStepIsSeen(system, "--runtime", "process", "--down");
        }
    }

    /** The app of the one before is still the node's, which was stopped with it. */
    @Test
    void demoIsSeenOnceMoreAfterItWasStopped() {
        try (TestSystem system = system("autonomyagain")) {
            everyStepIsSeen(system, "--runtime", "process");
            assertThat(system.skep(List.of("down")).code()).isZero();

            everyStepIsSeen(system, "--runtime", "process", "--down");
        }
    }

    /** On a containerd of the test's own; skipped where there can be none. */
    @Test
    void everyStepOfTheDemoIsSeenOnContainers() throws Exception {
        try (TestSystem system = system("autonomycri")) {
            Containerd containerd = Containerd.start(system.folder().resolve("containerd"));
            try {
                everyStepIsSeen(
                        system,
                        "--runtime",
                        "cri",
                        "--down",
                        "--socket",
                        containerd.socket().toString());
            } finally {
                containerd.stop();
            }
        }
    }

    private static TestSystem system(String name) {
        TestSystem system = TestSystem.fresh(name);
        system.adopt("cloud");
        system.adopt("edge");
        return system;
    }

    private static void everyStepIsSeen(TestSystem system, String... options) {
        List<String> command = new ArrayList<>(List.of("demo", "--json", "--free-ports"));
        command.addAll(List.of(options));
        Outcome outcome = system.skep(command);

        JsonNode report = KubeClient.object(outcome.out());
        assertThat(report.path("ok").asBoolean()).as(outcome.all()).isTrue();
        assertThat(outcome.code()).isZero();
        assertThat(report.path("steps").findValuesAsText("what"))
                .contains(
                        "node edge-1 Ready",
                        "page served",
                        "cloud killed with -9, page still served",
                        "edge restarted offline, page served from the node's own store",
                        "node edge-1 Ready again",
                        "pod deleted, its process gone");
    }
}
