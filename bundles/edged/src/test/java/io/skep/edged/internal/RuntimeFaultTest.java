package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.PodRuntime;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine goes away under the pods and comes back. */
class RuntimeFaultTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
        edged.connected(true);
    }

    private void engine(boolean there) {
        edged.runtime.available(there);
        edged.settle();
    }

    private Doc ready() {
        List<Message> patches = edged.sent(Operation.PATCH, "default/nodepatch/edge-1");
        Doc last = Json.object(
                (String) Json.read(patches.get(patches.size() - 1).content().json()));
        return last.objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .findFirst()
                .orElseThrow();
    }

    // The cloud must not place pods here for up to a minute: the engine's end is told, not found by a listing.
    @Test
    void theNodeIsNotReadyAsSoonAsTheEngineIsAwayAndReadyAsSoonAsItIsBack() {
        engine(false);
        assertThat(ready().text("status")).isEqualTo("False");
        assertThat(ready().text("reason")).isEqualTo("KubeletNotReady");
        assertThat(ready().text("message")).isEqualTo("container runtime is down: the runtime is away");

        engine(true);
        assertThat(ready().text("status")).isEqualTo("True");
    }

    @Test
    void aContainerWhoseKillFailedIsKilledOnceTheEngineIsBack() {
        Obstinate obstinate = new Obstinate(edged.runtime);
        edged.swap(obstinate.runtime());
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.push(Operation.UPDATE, PodDocs.deleting(PodDocs.web(), 5), "pod");
        engine(false);
        edged.advance(Duration.ofMinutes(1));

        engine(true);
        edged.advance(Duration.ofSeconds(5));

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
    }

    // What it was asked while the engine went away may have reached nobody.
    @Test
    void aContainerIsAskedToEndAgainWhenTheEngineIsBack() {
        Obstinate obstinate = new Obstinate(edged.runtime);
        edged.swap(obstinate.runtime());
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.push(Operation.UPDATE, PodDocs.deleting(PodDocs.web(), 300), "pod");
        engine(false);
        edged.advance(Duration.ofSeconds(10));
        assertThat(obstinate.asked()).hasSize(1);

        engine(true);

        assertThat(obstinate.asked()).hasSize(2);
        edged.advance(Duration.ofMillis(289_750));
        assertThat(edged.runtime.running("web")).isPresent();
        edged.advance(Duration.ofMillis(250));
        assertThat(edged.runtime.running("web")).isEmpty();
    }

    // What a slow engine lists may be older than the pod's end.
    @Test
    void aPodThatGoesWhileItIsListedIsNoOrphan() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        AtomicBoolean armed = new AtomicBoolean();
        edged.swap((PodRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PodRuntime.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(edged.runtime, arguments);
                    if (method.getName().equals("listPodSandboxes") && armed.getAndSet(false)) {
                        edged.push(Operation.DELETE, PodDocs.web(), "pod");
                    }
                    return answer;
                }));

        armed.set(true);

        edged.advance(Duration.ofMinutes(1));

        assertThat(edged.store.list("edged", "pod/")).isEmpty();
        assertThat(edged.module.samples())
                .filteredOn(s -> s.name().equals("skep_pods_orphans"))
                .singleElement()
                .satisfies(s -> assertThat(s.value()).isZero());
    }

    @Test
    void noContainerIsTouchedWhileTheEngineIsAwayForAMinute() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        String before = edged.runtime.running("web").orElseThrow().id();

        engine(false);
        edged.advance(Duration.ofMinutes(1));
        engine(true);

        assertThat(edged.runtime.running("web").orElseThrow().id()).isEqualTo(before);
        assertThat(edged.container("web").number(-1, "restartCount")).isZero();
        assertThat(edged.calls("stopContainer")).isZero();
    }

    @Test
    void anEndThatNobodyToldIsSeenWhenTheEngineIsBack() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        String id = edged.runtime.running("web").orElseThrow().id();

        engine(false);
        edged.runtime.exit(id, 137, "OOMKilled", "");
        edged.advance(Duration.ofSeconds(5));
        engine(true);

        assertThat(edged.container("web").text("lastState", "terminated", "reason"))
                .isEqualTo("OOMKilled");
        assertThat(edged.container("web").number(0, "restartCount")).isEqualTo(1);
    }

    // After a minute of failures the next try would be another minute away.
    @Test
    void aPodWhoseStartTheEngineBrokeOffComesUpAtItsReturn() {
        engine(false);
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.advance(Duration.ofMinutes(2));
        assertThat(edged.status("web").text("phase")).isEqualTo("Pending");

        engine(true);

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.container("web").number(-1, "restartCount")).isZero();
    }

    @Test
    void anImageTheEngineCannotBeAskedForIsNotCalledAFailedPull() {
        edged.runtime.fail("runPodSandbox", new ContainerException(Code.FAILED, "not yet"));
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.runtime.images().absent("app:1");
        edged.runtime.fail("pullImage", new ContainerException(Code.UNAVAILABLE, "the engine is away"));
        edged.advance(Duration.ofSeconds(2));

        assertThat(edged.waiting("web")).isEqualTo("ImageInspectError");
    }
}
