package io.skep.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoAppTest {

    private static final Path EXAMPLES = Path.of("..", "..", "config", "examples");

    private static JsonNode pod(Optional<HostImage> image) {
        return new DemoApp(EXAMPLES, 4711, image)
                .objects().stream()
                        .filter(object -> object.path("kind").asText().equals("Pod"))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void processIsTheExampleItselfOnItsPort() {
        JsonNode spec = pod(Optional.empty()).path("spec");

        assertThat(spec.path("runtimeClassName").asText()).isEqualTo("process");
        assertThat(spec.at("/containers/0/args/0").asText()).contains(" 4711 ");
        assertThat(spec.at("/containers/0/readinessProbe/httpGet/port").asInt()).isEqualTo(4711);
    }

    @Test
    void containerFindsTheMachinesProgramsReadOnly() throws Exception {
        JsonNode spec = pod(Optional.of(HostImage.ofThisMachine())).path("spec");

        assertThat(spec.path("runtimeClassName").asText()).isEqualTo("cri");
        assertThat(spec.at("/containers/0/image").asText()).isEqualTo(DemoEngine.IMAGE);
        assertThat(spec.at("/containers/0/imagePullPolicy").asText()).isEqualTo("Never");
        JsonNode usr = named(spec.path("volumes"), "machine-usr");
        assertThat(usr.at("/hostPath/path").asText()).isEqualTo("/usr");
        JsonNode mount = named(spec.at("/containers/0/volumeMounts"), "machine-usr");
        assertThat(mount.path("mountPath").asText()).isEqualTo("/usr");
        assertThat(mount.path("readOnly").asBoolean()).isTrue();
        assertThat(List.of("program", "config")).allSatisfy(volume -> named(spec.path("volumes"), volume));
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode each : list) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }
}
