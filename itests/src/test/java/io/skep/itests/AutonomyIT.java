package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.Commands.Outcome;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.TestSystem;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The autonomy story, told by the demo itself, which checks each of its steps. */
class AutonomyIT {

    private static TestSystem system;

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("autonomy");
        system.adopt("cloud");
        system.adopt("edge");
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @Test
    void everyStepOfTheDemoIsSeen() {
        Outcome outcome = system.skep(List.of("demo", "--json", "--down", "--free-ports"));

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
