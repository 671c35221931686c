package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an ended pod says of the containers that never came to run. */
class PodEndStatusTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    private static Doc withInit(Doc pod, String... containers) {
        List<Object> init = Stream.of(containers)
                .map(text -> (Object) Json.object(text).asMap())
                .toList();
        return pod.with(init, "spec", "initContainers");
    }

    private static String init(String name) {
        return "{\"name\":\"" + name + "\",\"image\":\"i:1\"}";
    }

    private void pushWithoutImage(Doc pod) {
        edged.runtime.images().absent("app:1");
        edged.runtime.fail("pullImage", new ContainerException(Code.IMAGE_UNAVAILABLE, "no such host"));
        edged.push(Operation.INSERT, pod, "pod");
    }

    /** What each container of a list of the last status is, by its reason where it has one. */
    private List<String> states(String list) {
        return edged.status("web").objects(list).stream()
                .map(c -> c.text("name") + " "
                        + (c.has("state", "running")
                                ? "running"
                                : c.text("state", "waiting", "reason") + c.text("state", "terminated", "reason")))
                .toList();
    }

    @Test
    void aContainerOfADeletedPodThatNeverRanCountsAsEnded() {
        Doc pod = PodDocs.web();
        pushWithoutImage(pod);

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        Doc end = edged.container("web").object("state", "terminated");
        assertThat(end.number(0, "exitCode")).isEqualTo(137);
        assertThat(end.text("reason")).isEqualTo("ContainerStatusUnknown");
        assertThat(end.text("message")).isEqualTo("The container could not be located when the pod was terminated");
        assertThat(edged.container("web").has("state", "waiting")).isFalse();
        assertThat(edged.container("web").number(-1, "restartCount")).isZero();
    }

    @Test
    void oneThatCameTooLateForTheDeadlineToo() {
        pushWithoutImage(PodDocs.web().with(3, "spec", "activeDeadlineSeconds"));

        edged.advance(Duration.ofSeconds(3));

        assertThat(edged.status("web").text("reason")).isEqualTo("DeadlineExceeded");
        assertThat(states("containerStatuses")).containsExactly("web ContainerStatusUnknown");
    }

    @Test
    void aPodThatWasNotTakenSaysNothingOfItsContainers() {
        edged.push(Operation.INSERT, PodDocs.web().with("windows", "spec", "os", "name"), "pod");

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.status("web").has("containerStatuses")).isFalse();
    }

    @Test
    void theAppsOfAPodThatDidNotGetSoFarGoOnWaiting() {
        Doc pod = withInit(PodDocs.web(), init("one"), init("two"));
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(states("initContainerStatuses")).containsExactly("one Error", "two PodInitializing");
        assertThat(states("containerStatuses")).containsExactly("web PodInitializing");
    }

    @Test
    void theFirstInitContainerCountsAsEndedThoughNoneRan() {
        Doc pod = withInit(
                PodDocs.web(), "{\"name\":\"one\",\"image\":\"app:1\"}", "{\"name\":\"two\",\"image\":\"app:1\"}");
        pushWithoutImage(pod);

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        assertThat(states("initContainerStatuses"))
                .containsExactly("one ContainerStatusUnknown", "two PodInitializing");
        assertThat(states("containerStatuses")).containsExactly("web PodInitializing");
    }

    @Test
    void theAppsOfAnInitializedPodCountAsEnded() {
        Doc pod = withInit(PodDocs.web(), init("one"));
        pushWithoutImage(pod);
        edged.runtime.exitNamed("one", 0);
        edged.settle();

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        assertThat(states("initContainerStatuses")).containsExactly("one Completed");
        assertThat(states("containerStatuses")).containsExactly("web ContainerStatusUnknown");
    }

    @Test
    void aPodThatFailedAtItsInitContainersShowsTheOthersWaiting() {
        Doc pod = withInit(PodDocs.web(), init("one"), init("two")).with("Never", "spec", "restartPolicy");
        edged.push(Operation.INSERT, pod, "pod");

        edged.runtime.exitNamed("one", 1);
        edged.settle();

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(states("initContainerStatuses")).containsExactly("one Error", "two PodInitializing");
        assertThat(states("containerStatuses")).containsExactly("web PodInitializing");
    }

    @Test
    void nothingCountsAsEndedBeforeTheOthersHave() {
        Doc pod = PodDocs.pod(
                        "web",
                        "uid-1",
                        "{\"name\":\"slow\",\"image\":\"i:1\",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":3}}}},"
                                + "{\"name\":\"web\",\"image\":\"app:1\"}")
                .with(2, "spec", "activeDeadlineSeconds");
        pushWithoutImage(pod);

        edged.advance(Duration.ofSeconds(3));
        assertThat(states("containerStatuses")).containsExactly("slow running", "web ImagePullBackOff");
        edged.advance(Duration.ofSeconds(3));

        assertThat(states("containerStatuses")).containsExactly("slow Error", "web ContainerStatusUnknown");
    }
}
