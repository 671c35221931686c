package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.ConfigTraffic;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What carries the modules is updated in Karaf's shell while the cloud sends: bus, store, transport, and the contracts, whose
 * users are refreshed with them. Everything comes back by itself, nothing is lost and no pod is touched.
 */
class PlatformUpdateIT {

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;
    private static ConfigTraffic traffic;

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("platform-update");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker");
        traffic = ConfigTraffic.of(cloud, edge, "worker", "steady");
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bus, ",
        "store.derby, ",
        "transport, ",
        "transport, --refresh",
        "core.api, --refresh",
        "kube.api, --refresh",
        "runtime.api, --refresh"
    })
    void nodeGoesOnAfterTheUpdateOf(String bundle, String option) {
        update(edge, bundle, option);
    }

    @ParameterizedTest
    @CsvSource({
        "bus, ",
        "store.derby, ",
        "transport, ",
        "core.api, --refresh",
        "kube.api, --refresh",
        "kube.rest, ",
    })
    void cloudGoesOnAfterTheUpdateOf(String bundle, String option) {
        update(cloud, bundle, option);
    }

    private static void update(RunningRole role, String bundle, String option) {
        traffic.begin();
        Map<String, Long> last;
        try {
            role.shell("bundle:update " + (option == null ? "" : option + " ") + "io.skep." + bundle);
            Eventually.seen("ready again", role::ready, role::readiness);
            Eventually.seen("linked again", edge::linked, edge::lastLines);
        } finally {
            last = traffic.end();
        }

        Eventually.seen("last versions on the node", () -> last.equals(traffic.kept()), edge::lastLines);
        assertThat(traffic.starts()).as("starts of the pod").isEqualTo(1);
        assertThat(traffic.alive()).isTrue();
        assertThat(cloud.api().podReady("steady")).isTrue();
        assertThat(cloud.api().nodeReady("worker")).isTrue();
        assertThat(edge.log()).doesNotContain("are lost");
        assertThat(cloud.log()).doesNotContain("are lost");
    }

    // The order in which a refresh stops bundles is the framework's: the store may go before the bus.
    @Test
    void whatWaitsForAStoppedModuleOutlivesTheRefreshOfTheContract() {
        edge.shell("bundle:stop io.skep.metamanager");
        traffic.begin();
        try {
            Eventually.seen("messages wait", () -> waiting() > 0, edge::lastLines);
        } finally {
            traffic.end();
        }
        long before = waiting();

        edge.shell("bundle:update --refresh io.skep.core.api");

        // The shell's own commands went and come with the contract.
        Eventually.seen("commands", () -> edge.takes("edge:modules"), edge::lastLines);
        assertThat(waiting()).isGreaterThanOrEqualTo(before);
        traffic.begin();
        edge.shell("bundle:start io.skep.metamanager");
        Map<String, Long> last = traffic.end();
        Eventually.seen("last versions on the node", () -> last.equals(traffic.kept()), edge::lastLines);
        assertThat(waiting()).isZero();
    }

    private static long waiting() {
        return StreamSupport.stream(edge.shellJson("edge:modules --json").get(0).spliterator(), false)
                .filter(m -> m.path("name").asText().equals("metamanager"))
                .map(m -> m.path("queued"))
                .mapToLong(JsonNode::asLong)
                .sum();
    }
}
