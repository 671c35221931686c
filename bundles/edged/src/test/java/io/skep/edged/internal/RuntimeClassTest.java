package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.DocumentStore;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.FakePodRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a pod's runtimeClassName to a runtime, and to a handler of its engine. */
class RuntimeClassTest {

    private static final String KATA = "null/runtimeclass/kata";

    @TempDir
    Path data;

    private EdgedFixture edged;
    private FakePodRuntime engine;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
        engine = new FakePodRuntime(edged.context.clock());
        engine.handler("kata-qemu");
    }

    private static Doc runtimeClass(String handler) {
        return Doc.of(Map.of(
                "apiVersion",
                "node.k8s.io/v1",
                "kind",
                "RuntimeClass",
                "metadata",
                Map.of("name", "kata", "uid", "r1"),
                "handler",
                handler));
    }

    private void push(String runtimeClass) {
        edged.push(Operation.INSERT, PodDocs.web().with(runtimeClass, "spec", "runtimeClassName"), "pod");
    }

    private long asked() {
        return edged.sent(Operation.QUERY, KATA).size();
    }

    private String why() {
        return edged.container("web").text("state", "waiting", "message");
    }

    /** The handler of the sandbox in which a pod runs. */
    private String handler() throws Exception {
        String sandbox = engine.running("web").orElseThrow().sandboxId();
        return engine.podSandboxStatus(sandbox).orElseThrow().annotations().getOrDefault("io.skep.runtime-handler", "");
    }

    @Test
    void aHandlerOfTheEngineIsGivenToTheEngine() throws Exception {
        edged.bind("cri", engine);
        edged.cloud.put(KATA, runtimeClass("kata-qemu"));

        push("kata");

        assertThat(handler()).isEqualTo("kata-qemu");
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.events()).doesNotContain("FailedCreatePodSandBox");
    }

    @Test
    void aHandlerThatIsARuntimeOfOursIsThatRuntime() {
        edged.bind("cri", engine);
        edged.cloud.put(KATA, runtimeClass("process"));

        push("kata");

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(engine.running("web")).isEmpty();
    }

    @Test
    void aRuntimeOfOursIsNeitherAskedForNorTakenForAHandler() {
        edged.bind("cri", engine);
        edged.cloud.put("null/runtimeclass/osgi", runtimeClass("kata-qemu"));

        push("osgi");

        assertThat(edged.sent(Operation.QUERY, "null/runtimeclass/osgi")).isEmpty();
        assertThat(why()).isEqualTo("no runtime \"osgi\" on this node: it has cri, process");
        assertThat(engine.running("web")).isEmpty();
    }

    @Test
    void aClassThatIsNotKnownIsAskedForAgainAndThePodWaits() throws Exception {
        edged.bind("cri", engine);
        edged.connected(false);

        push("kata");

        assertThat(edged.waiting("web")).isEqualTo("RuntimeNotFound");
        assertThat(why())
                .isEqualTo("RuntimeClass \"kata\" not known to this node yet (not connected);"
                        + " no runtime \"kata\" on this node: it has cri, process");
        assertThat(edged.events()).contains("FailedCreatePodSandBox");
        assertThat(asked()).isEqualTo(1);
        edged.advance(Duration.ofSeconds(11));
        assertThat(asked()).isEqualTo(2);
        edged.cloud.put(KATA, runtimeClass("kata-qemu"));
        edged.connected(true);
        assertThat(asked()).isEqualTo(3);
        assertThat(handler()).isEqualTo("kata-qemu");
    }

    @Test
    void aClassThatIsNotThereYetHoldsThePodUntilItIs() throws Exception {
        edged.bind("cri", engine);

        push("kata");
        assertThat(why()).startsWith("RuntimeClass \"kata\" not found; ");
        edged.advance(Duration.ofMinutes(10));
        assertThat(edged.status("web").text("phase")).isEqualTo("Pending");
        assertThat(asked()).isBetween(8L, 20L);
        edged.cloud.put(KATA, runtimeClass("kata-qemu"));
        edged.advance(Duration.ofSeconds(61));

        assertThat(handler()).isEqualTo("kata-qemu");
    }

    @Test
    void aHandlerWaitsForAnEngine() throws Exception {
        edged.cloud.put(KATA, runtimeClass("kata-qemu"));

        push("kata");
        assertThat(why())
                .isEqualTo("RuntimeClass \"kata\" wants handler \"kata-qemu\":"
                        + " no runtime \"cri\" on this node: it has process");
        edged.bind("cri", engine);

        assertThat(handler()).isEqualTo("kata-qemu");
    }

    @Test
    void aHandlerTheEngineHasNotGotIsNamedInAnEvent() {
        edged.bind("cri", engine);
        edged.cloud.put(KATA, runtimeClass("gvisor"));

        push("kata");

        assertThat(edged.context.sentTo(ModuleNames.META_MANAGER))
                .filteredOn(m -> m.route().resource().contains("/event/"))
                .extracting(m -> Json.object(m.content().json()))
                .extracting(event -> event.text("reason"), event -> event.text("message"))
                .contains(tuple(
                        "FailedCreatePodSandBox",
                        "Failed to create pod sandbox: no runtime for \"gvisor\" is configured"));
        assertThat(edged.status("web").text("phase")).isEqualTo("Pending");
    }

    // A machine that comes up without the cloud makes each sandbox anew.
    @Test
    void whatWasChosenOutlivesARestartWithoutTheCloudAndTheClassItself() throws Exception {
        edged.bind("cri", engine);
        edged.cloud.put(KATA, runtimeClass("kata-qemu"));
        push("kata");
        edged.cloud.put(KATA, runtimeClass("runc"));
        edged.module.stop();
        edged.settle();
        String sandbox = engine.listPodSandboxes().get(0).id();
        engine.stopPodSandbox(sandbox);
        edged.online = false;
        edged.context.clear();

        edged.start();
        edged.bind("cri", engine);

        assertThat(engine.running("web").orElseThrow().sandboxId()).isNotEqualTo(sandbox);
        assertThat(handler()).isEqualTo("kata-qemu");
        assertThat(asked()).isZero();
    }

    @Test
    void aPodWhoseRecordIsLostKeepsItsHandler() throws Exception {
        edged.bind("cri", engine);
        edged.cloud.put(KATA, runtimeClass("kata-qemu"));
        push("kata");
        edged.module.stop();
        edged.store.list("edged", "pod/").forEach(d -> edged.store.delete("edged", d.key(), DocumentStore.ANY));
        String web = edged.objects.remove("default/pod/web");
        edged.context.clear();
        edged.start();
        edged.bind("cri", engine);
        engine.stopPodSandbox(engine.listPodSandboxes().get(0).id());

        edged.push(Operation.INSERT, Json.object(web), "pod");

        assertThat(handler()).isEqualTo("kata-qemu");
    }

    @Test
    void aDeletedPodThatStillWaitsForItsClassGoes() {
        push("kata");

        edged.push(
                Operation.UPDATE, PodDocs.deleting(PodDocs.web().with("kata", "spec", "runtimeClassName"), 5), "pod");

        assertThat(edged.sent(Operation.DELETE, "default/pod/web")).isNotEmpty();
    }

    @Test
    void aPodOfAnUnknownRuntimeWaitsAndStartsWhenItAppears() {
        edged.push(Operation.INSERT, PodDocs.web().with("osgi", "spec", "runtimeClassName"), "pod");

        assertThat(edged.waiting("web")).isEqualTo("RuntimeNotFound");
        assertThat(edged.container("web").text("state", "waiting", "message")).contains("osgi", "process");
        assertThat(edged.events()).contains("FailedCreatePodSandBox");

        FakePodRuntime other = new FakePodRuntime(edged.context.clock());
        edged.bind("osgi", other);

        assertThat(other.running("web")).isPresent();
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }
}
