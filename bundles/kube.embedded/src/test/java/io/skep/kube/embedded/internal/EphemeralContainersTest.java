package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is put beside a pod's containers to look at them. */
class EphemeralContainersTest extends EmbeddedStoreTest {

    private static final ObjectKey KEY = new ObjectKey(Kinds.POD, NS, "p");

    private void createPod(Map<String, Object> more) {
        Doc spec = Doc.of(more).with(List.of(Map.of("name", "c", "image", "app:1")), "containers");
        store.create(
                Kinds.POD, NS, KubeObject.of(Map.of("metadata", Map.of("name", "p"), "spec", spec)), WriteOptions.NONE);
    }

    private KubeObject debugged(String containers) {
        Patch patch = new Patch(PatchType.STRATEGIC_MERGE, "{\"spec\":{\"ephemeralContainers\":" + containers + "}}");
        return store.patch(KEY, "ephemeralcontainers", patch, WriteOptions.NONE);
    }

    // What kubectl debug sends.
    @Test
    void ephemeralContainerIsAddedAndNothingElse() {
        createPod(Map.of());

        Doc spec = debugged("[{\"name\":\"look\",\"image\":\"tools:1\",\"targetContainerName\":\"c\"}],"
                        + "\"nodeName\":\"elsewhere\"")
                .spec();

        assertThat(spec.objects("ephemeralContainers"))
                .singleElement()
                .satisfies(c -> assertThat(c.text("imagePullPolicy")).isEqualTo("IfNotPresent"));
        assertThat(spec.text("nodeName")).isEmpty();
    }

    @Test
    void ephemeralContainerMustHaveANameOfItsOwnAndATargetThatIsThere() {
        createPod(Map.of());

        assertThatThrownBy(() -> debugged("[{\"name\":\"c\",\"image\":\"tools:1\"}]"))
                .hasMessageContaining("Duplicate value");
        assertThatThrownBy(() -> debugged("[{\"name\":\"look\",\"image\":\"t\",\"targetContainerName\":\"none\"}]"))
                .hasMessageContaining("container \"none\" not found");
        assertThatThrownBy(() -> debugged("[{\"name\":\"look\",\"image\":\"t\",\"ports\":[{\"containerPort\":1}]}]"))
                .hasMessageContaining("cannot be set for an Ephemeral Container");
    }

    @Test
    void newPodHasNoEphemeralContainers() {
        assertStatus(
                () -> createPod(Map.of("ephemeralContainers", List.of(Map.of("name", "look", "image", "tools:1")))),
                422,
                "spec.ephemeralContainers: Forbidden: cannot be set on create");
    }

    @Test
    void ephemeralContainerIsNeverChanged() {
        createPod(Map.of());
        debugged("[{\"name\":\"look\",\"image\":\"tools:1\"}]");

        assertThatThrownBy(() -> debugged("[{\"name\":\"look\",\"image\":\"tools:2\"}]"))
                .hasMessageContaining("may not be changed");
    }
}
