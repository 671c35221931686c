package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleNames;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.PodRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a pod goes, and who hears of it. */
class PodDeletionTest {

    @TempDir
    Path data;

    private static final Map<String, Object> VOLUME = Map.of("name", "v", "configMap", Map.of("name", "not-there"));

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    @Test
    void aDeletedPodStopsThenTheCloudIsAskedThenItGoes() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        assertThat(edged.runtime.calls()).anyMatch(c -> c.startsWith("stopContainer") && c.endsWith("7s"));
        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.sent(Operation.DELETE, "default/pod/web"))
                .singleElement()
                .satisfies(m -> {
                    assertThat(Json.object(m.content().json()).text("preconditions", "uid"))
                            .isEqualTo("uid-1");
                    assertThat(Json.object(m.content().json()).number(-1, "gracePeriodSeconds"))
                            .isZero();
                });

        edged.push(Operation.DELETE, PodDocs.deleting(pod, 0), "pod");

        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
        assertThat(data.resolve("pods/uid-1")).doesNotExist();
    }

    // Who waits for the pod's end, a Job for instance, has to see what became of it before it is gone.
    @Test
    void theLastStatusGoesBeforeTheWordThatThePodIsGone() {
        Doc pod = PodDocs.web().with(List.of(VOLUME), "spec", "volumes");
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        assertThat(edged.context.sentTo(ModuleNames.META_MANAGER).stream()
                        .map(m -> m.route().operation() + " " + m.route().resource())
                        .filter(route -> route.endsWith("/web")))
                .endsWith("patch default/podpatch/web", "delete default/pod/web");
        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
    }

    @Test
    void aPullThatHangsDoesNotHoldThePod() {
        Doc pod = PodDocs.web();
        edged.runtime.images().absent("app:1");
        edged.runtime.images().whilePulling(() -> {
            edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");
            assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
            edged.push(Operation.DELETE, PodDocs.deleting(pod, 0), "pod");
            assertThat(edged.store.list("edged", "pod/")).isEmpty();
        });

        edged.push(Operation.INSERT, pod, "pod");

        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
        assertThat(edged.calls("createContainer")).isZero();
        assertThat(edged.events()).doesNotContain("Pulled");
    }

    @Test
    void deletionIsAskedAgainWhenTheLinkComesBack() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");
        edged.connected(false);
        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        edged.connected(true);

        assertThat(edged.sent(Operation.DELETE, "default/pod/web")).hasSize(2);
    }

    @Test
    void aForceDeleteKillsAtOnce() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.DELETE, PodDocs.deleting(pod, 0), "pod");

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
    }

    // kubectl delete --grace-period=0 --force: the object is gone before the node hears of it.
    @Test
    void aPodDeletedWithoutGraceIsKilledAtOnce() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        edged.push(Operation.DELETE, PodDocs.web(), "pod");

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.calls("stopContainer")).isZero();
        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
    }

    // The object's last state still says how long it was to get before somebody lost patience.
    @Test
    void aPodThatIsBeingDeletedIsKilledAtOnceToo() {
        PodRuntime obstinate = new Obstinate(edged.runtime).runtime();
        edged.swap(obstinate);
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.push(Operation.UPDATE, PodDocs.deleting(PodDocs.web(), 300), "pod");

        edged.push(Operation.DELETE, PodDocs.deleting(PodDocs.web(), 300), "pod");

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
    }

    @Test
    void thePodOfTheSameNameWithAnotherUidReplacesTheOld() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-2", "{\"name\":\"web\",\"image\":\"app:2\"}"), "pod");

        assertThat(edged.store.list("edged", "pod/")).extracting(d -> d.key()).containsExactly("pod/uid-2");
        assertThat(edged.runtime.running("web").orElseThrow().image()).isEqualTo("app:2");
    }
}
