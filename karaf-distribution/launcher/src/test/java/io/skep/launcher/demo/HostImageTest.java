package io.skep.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.host.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostImageTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void archiveHoldsWhatItsIndexNames() throws Exception {
        Path busybox = Files.writeString(folder.resolve("busybox"), "static");
        Path java = Path.of(System.getProperty("java.home")).toRealPath();

        Path archive = new HostImage(java, busybox).write(folder, "docker.io/skep/test:1");

        JsonNode entry = json(archive, "./index.json").at("/manifests/0");
        assertThat(entry.at("/annotations/io.containerd.image.name").asText()).isEqualTo("docker.io/skep/test:1");
        JsonNode manifest = json(archive, blob(entry));
        assertThat(json(archive, blob(manifest.path("config")))
                        .at("/config/Env/0")
                        .asText())
                .startsWith("PATH=" + java.resolve("bin"));
        Path layer =
                folder.resolve("image").resolve(blob(manifest.at("/layers/0")).substring(2));
        assertThat(Programs.output(LIMIT, "tar", "-tf", layer.toString()).orElseThrow())
                .contains("./busybox\n", "./usr/\n", "./tmp/\n");
    }

    private static String blob(JsonNode descriptor) {
        return "./blobs/sha256/" + descriptor.path("digest").asText().substring("sha256:".length());
    }

    private static JsonNode json(Path archive, String entry) throws Exception {
        return new ObjectMapper()
                .readTree(Programs.output(LIMIT, "tar", "-xOf", archive.toString(), entry)
                        .orElseThrow());
    }
}
