package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.pressure.Reading;
import io.skep.edged.internal.pressure.Signal;
import io.skep.edged.internal.pressure.Thresholds;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvictionTest {

    private static final Reading SCARCE = new Reading(57116L << 10, 4L << 30);
    private static final Reading PLENTY = new Reading(2L << 30, 4L << 30);

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data);
        edged.readings.put(Signal.MEMORY, PLENTY);
        edged.start();
    }

    private static Doc pod(String name, String resources, int priority) {
        return PodDocs.pod(
                        name,
                        "uid-" + name,
                        "{\"name\":\"%s\",\"image\":\"app:1\",\"resources\":%s}".formatted(name, resources))
                .with(priority, "spec", "priority");
    }

    private void push(Doc pod) {
        edged.push(Operation.INSERT, pod, "pod");
    }

    private void period() {
        edged.advance(Duration.ofMillis(10_250));
    }

    private void scarce() {
        edged.readings.put(Signal.MEMORY, SCARCE);
        period();
    }

    private String nodeCondition(String type) {
        List<Message> patches = edged.sent(Operation.PATCH, "default/nodepatch/edge-1");
        Doc last = Json.object(
                (String) Json.read(patches.get(patches.size() - 1).content().json()));
        return last.objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals(type))
                .map(c -> c.text("status"))
                .findFirst()
                .orElse("");
    }

    @Test
    void theWorstPodGoesAndIsToldWhy() {
        push(pod("big", "{\"requests\":{\"memory\":\"10Mi\"}}", 0));
        push(pod("small", "{\"requests\":{\"memory\":\"10Mi\"}}", 0));
        edged.runtime.uses("big", 300L << 20, 0);
        edged.runtime.uses("small", 20L << 20, 0);

        scarce();

        assertThat(edged.status("big").text("phase")).isEqualTo("Failed");
        assertThat(edged.status("big").text("reason")).isEqualTo("Evicted");
        assertThat(edged.status("big").text("message"))
                .isEqualTo("The node was low on resource: memory. Threshold quantity: 100Mi, available: 57116Ki. "
                        + "Container big was using 300Mi, request is 10Mi, has larger consumption of memory. ");
        assertThat(edged.runtime.running("small")).isPresent();
        assertThat(edged.events()).contains("EvictionThresholdMet", "Evicted");
    }

    // One that forks without end had its neighbours evicted before it.
    @Test
    void whoHasTheMostProcessesGoesWhenProcessIdsRunOut() {
        edged.thresholds = Thresholds.of("100Mi", "", "", "10%", Duration.ZERO);
        edged.restart();
        for (String name : List.of("calm", "bomb", "idle")) {
            push(pod(name, "{}", 0));
            edged.runtime.forks(name, name.equals("bomb") ? 20_000 : 2);
        }

        edged.readings.put(Signal.PID, new Reading(2000, 23_677));
        period();

        assertThat(edged.status("bomb").text("reason")).isEqualTo("Evicted");
        assertThat(edged.status("bomb").text("message"))
                .isEqualTo("The node was low on resource: pids. Threshold quantity: 2367, available: 2000. ");
        assertThat(List.of("calm", "idle"))
                .allSatisfy(name -> assertThat(edged.runtime.running(name)).isPresent());
    }

    // A Job's podFailurePolicy asks for it: the pod is not to blame.
    @Test
    void podThatEndsForTheNodesSakeSaysSoByACondition() {
        push(pod("big", "{}", 0));

        scarce();

        Doc condition = edged.status("big").objects("conditions").stream()
                .filter(c -> c.text("type").equals("DisruptionTarget"))
                .findFirst()
                .orElseThrow();
        assertThat(condition.text("status")).isEqualTo("True");
        assertThat(condition.text("reason")).isEqualTo("TerminationByKubelet");
        assertThat(condition.text("message"))
                .isEqualTo(edged.status("big").text("message"))
                .startsWith("The node was low on resource: memory. ");
    }

    @Test
    void whoIsWithinItsRequestOutlivesWhoIsBeyond() {
        push(pod("modest", "{\"requests\":{\"memory\":\"500Mi\"}}", 0));
        push(pod("greedy", "{\"requests\":{\"memory\":\"1Mi\"}}", 1000));
        edged.runtime.uses("modest", 400L << 20, 0);
        edged.runtime.uses("greedy", 2L << 20, 0);

        scarce();

        assertThat(edged.status("greedy").text("reason")).isEqualTo("Evicted");
        assertThat(edged.runtime.running("modest")).isPresent();
    }

    @Test
    void lowPriorityGoesBeforeMuchUsage() {
        push(pod("low", "{}", 0));
        push(pod("high", "{}", 10));
        edged.runtime.uses("low", 2L << 20, 0);
        edged.runtime.uses("high", 200L << 20, 0);

        scarce();

        assertThat(edged.status("low").text("reason")).isEqualTo("Evicted");
        assertThat(edged.runtime.running("high")).isPresent();
    }

    @Test
    void oneAPeriodGoesUntilThereIsEnough() {
        push(pod("a", "{}", 0));
        push(pod("b", "{}", 1));
        push(pod("c", "{}", 2));

        scarce();
        boolean second = edged.runtime.running("b").isPresent();
        period();
        edged.readings.put(Signal.MEMORY, PLENTY);
        period();

        assertThat(second).isTrue();
        assertThat(edged.runtime.running("b")).isEmpty();
        assertThat(edged.runtime.running("c")).isPresent();
    }

    @Test
    void criticalPodsStay() {
        push(pod("critical", "{}", 2_000_000_000));

        scarce();

        assertThat(edged.runtime.running("critical")).isPresent();
    }

    @Test
    void staticPodsStay() throws IOException {
        edged.manifests = Optional.of(Files.createDirectory(data.resolve("m")));
        Files.writeString(data.resolve("m/web.json"), Json.write(PodDocs.web()));
        edged.swap();
        edged.settle();

        scarce();

        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void anEvictedPodGetsASecondToEnd() {
        push(pod("a", "{}", 0));

        scarce();

        assertThat(edged.runtime.calls()).anyMatch(call -> call.startsWith("stopContainer") && call.endsWith(" 1s"));
    }

    @Test
    void theNodeSaysSoForFiveMinutesMore() {
        edged.connected(true);

        scarce();
        String during = nodeCondition("MemoryPressure");
        edged.readings.put(Signal.MEMORY, PLENTY);
        edged.advance(Duration.ofMinutes(4));
        String after = nodeCondition("MemoryPressure");
        edged.advance(Duration.ofMinutes(2));

        assertThat(List.of(during, after, nodeCondition("MemoryPressure"))).containsExactly("True", "True", "False");
    }

    @Test
    void underMemoryPressureModestPodsAreRejectedAndOthersTaken() {
        scarce();

        push(pod("modest", "{}", 0));
        push(pod("tolerant", "{}", 0)
                .with(
                        List.of(Map.of("key", "node.kubernetes.io/memory-pressure", "operator", "Exists")),
                        "spec",
                        "tolerations"));
        push(pod("burstable", "{\"requests\":{\"memory\":\"1Mi\"}}", 0));

        assertThat(edged.status("modest").text("reason")).isEqualTo("Evicted");
        assertThat(edged.status("modest").text("message"))
                .isEqualTo("Pod was rejected: The node had condition: [MemoryPressure]. ");
        assertThat(edged.runtime.running("tolerant")).isPresent();
        assertThat(edged.runtime.running("burstable")).isPresent();
    }

    @Test
    void underDiskPressureAllButCriticalPodsAreRejected() {
        edged.readings.put(Signal.NODEFS, new Reading(9, 100));
        period();

        push(pod("burstable", "{\"requests\":{\"memory\":\"1Mi\"}}", 0));
        push(pod("critical", "{}", 2_000_000_000));

        assertThat(edged.status("burstable").text("message")).contains("[DiskPressure]");
        assertThat(edged.runtime.running("critical")).isPresent();
    }

    @Test
    void whoWroteMostGoesWhenTheDiskIsFull() throws IOException {
        push(pod("writer", "{}", 0));
        push(pod("reader", "{}", 0));
        edged.runtime.uses("writer", 0, 5 << 20);
        edged.runtime.uses("reader", 900 << 20, 0);

        edged.readings.put(Signal.NODEFS, new Reading(9L << 30, 100L << 30));
        period();

        assertThat(edged.status("writer").text("message"))
                .isEqualTo(
                        "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi. "
                                + "Container writer was using 5Mi, request is 0, has larger consumption of ephemeral-storage. ");
        assertThat(edged.runtime.running("reader")).isPresent();
    }

    @Test
    void withoutThresholdsNothingGoes() {
        edged.thresholds = Thresholds.of("", "", "", "", Duration.ZERO);
        edged.swap();
        push(pod("a", "{}", 0));

        scarce();

        assertThat(edged.runtime.running("a")).isPresent();
    }

    private static final String LIMITED = "{\"limits\":{\"ephemeral-storage\":\"1Mi\"}}";

    @Test
    void aPodBeyondTheDiskItMayUseGoes() throws IOException {
        push(pod("writer", LIMITED, 0).with(List.of(Map.of("name", "v")), "spec", "volumes"));
        edged.runtime.uses("writer", 0, 600 << 10);
        edged.advance(Duration.ofSeconds(61));
        boolean within = edged.runtime.running("writer").isPresent();

        Files.write(data.resolve("pods/uid-writer/volumes/kubernetes.io~empty-dir/v/f"), new byte[500 << 10]);
        edged.advance(Duration.ofSeconds(61));

        assertThat(within).isTrue();
        assertThat(edged.status("writer").text("reason")).isEqualTo("Evicted");
        assertThat(edged.status("writer").text("message"))
                .isEqualTo("Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ");
    }

    @Test
    void logsCountAsDisk() throws IOException {
        push(pod("writer", LIMITED, 0));
        Path logs = data.resolve("logs/default_writer_uid-writer/writer");
        Files.write(Files.createDirectories(logs).resolve("0.log"), new byte[(1 << 20) + 1]);

        edged.advance(Duration.ofSeconds(61));

        assertThat(edged.status("writer").text("reason")).isEqualTo("Evicted");
    }

    @Test
    void aContainerBeyondItsOwnPartGoesThoughThePodIsWithin() {
        String two = "{\"name\":\"a\",\"image\":\"app:1\",\"resources\":" + LIMITED
                + "},{\"name\":\"b\",\"image\":\"app:1\",\"resources\":" + LIMITED + "}";
        push(PodDocs.pod("two", "uid-two", two));
        edged.runtime.uses("a", 0, 1500 << 10);
        edged.runtime.uses("b", 0, 0);

        edged.advance(Duration.ofSeconds(61));

        assertThat(edged.status("two").text("message"))
                .isEqualTo("Container a exceeded its local ephemeral storage limit \"1Mi\". ");
    }
}
