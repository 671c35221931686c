package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.ConfigTraffic;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings are changed while the node runs: taken live, and taken back where the node is not well with them. */
class SettingsIT {

    private static final String HUB = "io.skep.edgehub";

    private static TestSystem system;
    private static RunningRole edge;
    private static ConfigTraffic traffic;

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("settings");
        RunningRole cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker");
        traffic = ConfigTraffic.of(cloud, edge, "worker", "steady");
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @Test
    void settingOfAModuleIsTakenWithTheSameLinkAndNothingIsLost() throws IOException {
        String since = link().path("since").asText();
        String before = lastId();
        traffic.begin();

        append(HUB, "heartbeat.seconds = 7");

        JsonNode operation = ended(before);
        Map<String, Long> last = traffic.end();
        assertThat(operation.path("kind").asText()).isEqualTo("CONFIGURE");
        assertThat(operation.path("module").asText()).isEqualTo("websocket");
        assertThat(operation.path("outcome").asText()).as(operation.toString()).isEqualTo("SUCCEEDED");
        assertThat(link().path("since").asText()).isEqualTo(since);
        Eventually.seen("last versions on the node", () -> last.equals(traffic.kept()), edge::lastLines);
        assertThat(traffic.starts()).as("starts of the pod").isEqualTo(1);
    }

    // The second is a value that can be read and is wrong.
    @ParameterizedTest
    @CsvSource({
        "io.skep.edgehub, websocket, heartbeat.seconds, abc, abc",
        "io.skep.edgehub, websocket, heartbeat.seconds, 0, must be at least 1"
    })
    void badSettingOfAModuleIsTakenBackInTheFileToo(String pid, String module, String key, String value, String why) {
        Path file = file(pid);
        String before = lastId();
        String good = line(file, key);

        edge.shell("config:property-set -p " + pid + " " + key + " " + value);

        JsonNode operation = ended(before);
        assertThat(operation.path("outcome").asText()).as(operation.toString()).isEqualTo("ROLLED_BACK");
        assertThat(operation.path("reason").asText()).contains(key).contains(why);
        assertThat(edge.log())
                .contains("setting refused, the former is back: module=" + module + " pid=" + pid + " " + key);
        Eventually.seen("former value in the file", () -> line(file, key).equals(good), () -> line(file, key));
        Eventually.seen("ready", edge::ready, edge::readiness);
        Eventually.seen("linked", edge::linked, edge::lastLines);
    }

    @ParameterizedTest
    @CsvSource({"io.skep.bus, mailbox.size, 0", "io.skep.store.derby, readers, many"})
    void badSettingOfThePlatformIsTakenBackInTheFileToo(String pid, String key, String value) throws IOException {
        append(pid, key + " = " + value);

        Eventually.seen(
                "refusal",
                () -> edge.log().contains("setting refused, the former is back: pid=" + pid + " " + key),
                edge::lastLines);
        Eventually.seen("no value in the file", () -> line(file(pid), key).isEmpty(), () -> line(file(pid), key));
        Eventually.seen("ready", edge::ready, edge::readiness);
        Eventually.seen("linked", edge::linked, edge::lastLines);
        assertThat(traffic.starts()).as("starts of the pod").isEqualTo(1);
    }

    private static JsonNode link() {
        return edge.shellJson("edge:link --json").get(0);
    }

    private static Path file(String pid) {
        return edge.folder().resolve("etc/" + pid + ".cfg");
    }

    private static void append(String pid, String line) throws IOException {
        Files.writeString(file(pid), "\n" + line + "\n", StandardOpenOption.APPEND);
    }

    private static String line(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(l -> l.startsWith(key))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "not readable: " + e;
        }
    }

    private static String lastId() {
        return edge.shellJson("edge:operations --json")
                .get(0)
                .path(0)
                .path("id")
                .asText();
    }

    private static JsonNode ended(String after) {
        JsonNode[] found = new JsonNode[1];
        Eventually.seen(
                "operation",
                () -> {
                    found[0] = edge.shellJson("edge:operations --json").get(0).path(0);
                    return found[0].path("id").asText().compareTo(after) > 0
                            && !found[0].path("outcome").asText().equals("RUNNING");
                },
                edge::lastLines);
        return found[0];
    }
}
