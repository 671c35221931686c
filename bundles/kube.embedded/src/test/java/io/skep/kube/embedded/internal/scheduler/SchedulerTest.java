package io.skep.kube.embedded.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.TestStores;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    private final TestStores stores = new TestStores();
    private final ResourceStore store = stores.open();
    private final RecordingWatcher pods = new RecordingWatcher();
    private final ResourceStore.Watch watch = store.watch(Kinds.POD, "", ListOptions.ALL, pods);
    private final Scheduler scheduler = new Scheduler(store, java.time.InstantSource.system());

    @AfterEach
    void stop() {
        scheduler.deactivate();
        watch.close();
        stores.close();
    }

    private void createPod() {
        store.create(
                Kinds.POD,
                "default",
                KubeObject.of(Map.of(
                        "metadata",
                        Map.of("name", "web"),
                        "spec",
                        Map.of("containers", List.of(Map.of("name", "c", "image", "i"))))),
                WriteOptions.NONE);
    }

    private void createNode() {
        store.create(
                Kinds.NODE,
                "",
                KubeObject.of(Map.of(
                        "metadata",
                        Map.of("name", "n1"),
                        "status",
                        Map.of("conditions", List.of(Map.of("type", "Ready", "status", "True"))))),
                WriteOptions.NONE);
    }

    private KubeObject podOnce(Predicate<KubeObject> state) {
        KubeObject pod = pods.next().object();
        while (!state.test(pod)) {
            pod = pods.next().object();
        }
        return pod;
    }

    @Test
    void podWaitsWithTheReasonUntilANodeComes() {
        createPod();
        KubeObject waiting = podOnce(p -> p.status().has("conditions"));

        createNode();
        KubeObject bound = podOnce(p -> p.spec().has("nodeName"));

        assertThat(waiting.status().objects("conditions"))
                .singleElement()
                .satisfies(c -> assertThat(c.text("message")).isEqualTo("no nodes available to schedule pods"));
        assertThat(bound.spec().text("nodeName")).isEqualTo("n1");
        assertThat(bound.status().objects("conditions"))
                .singleElement()
                .satisfies(c -> assertThat(c.text("status")).isEqualTo("True"));
    }
}
