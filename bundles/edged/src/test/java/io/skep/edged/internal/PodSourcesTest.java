package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod takes from ConfigMaps and Secrets, and waits for. */
class PodSourcesTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    @Test
    void aMissingConfigMapHoldsTheContainerUntilItComes() {
        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-1", """
                        {"name":"web","image":"i","env":[{"name":"A","valueFrom":
                          {"configMapKeyRef":{"name":"cfg","key":"a"}}}]}"""), "pod");
        assertThat(edged.waiting("web")).isEqualTo("CreateContainerConfigError");
        assertThat(edged.container("web").text("state", "waiting", "message")).isEqualTo("configmap \"cfg\" not found");

        edged.push(Operation.INSERT, PodDocs.configMap("cfg", Map.of("a", "1")), "configmap");

        String id = edged.runtime.running("web").orElseThrow().id();
        assertThat(edged.runtime.config(id).program().env())
                .extracting(v -> v.name() + "=" + v.value())
                .contains("A=1");
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void aMountedConfigMapFollowsItsChanges() throws Exception {
        edged.push(Operation.INSERT, PodDocs.configMap("cfg", Map.of("greeting", "hello")), "configmap");
        Doc pod = PodDocs.pod(
                        "web",
                        "uid-1",
                        "{\"name\":\"web\",\"image\":\"i\",\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/cfg\"}]}")
                .with(List.of(Map.of("name", "v", "configMap", Map.of("name", "cfg"))), "spec", "volumes");
        edged.push(Operation.INSERT, pod, "pod");
        Path file = data.resolve("pods/uid-1/volumes/kubernetes.io~configmap/v/greeting");
        assertThat(Files.readString(file)).isEqualTo("hello");

        edged.push(Operation.UPDATE, PodDocs.configMap("cfg", Map.of("greeting", "bonjour")), "configmap");

        assertThat(Files.readString(file)).isEqualTo("bonjour");
        assertThat(edged.calls("startContainer")).isEqualTo(1);
    }

    @Test
    void aPodWithAMissingVolumeSourceWaitsAndSaysWhy() {
        Doc pod = PodDocs.web()
                .with(List.of(Map.of("name", "v", "secret", Map.of("secretName", "s"))), "spec", "volumes");

        edged.push(Operation.INSERT, pod, "pod");

        assertThat(edged.waiting("web")).isEqualTo("ContainerCreating");
        assertThat(edged.events()).contains("FailedMount");
        assertThat(edged.calls("runPodSandbox")).isZero();
    }
}
