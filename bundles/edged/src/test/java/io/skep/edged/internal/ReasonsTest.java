package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words kubectl prints, and when. */
class ReasonsTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    @Test
    void aPullThatFailsThenBacksOffThenSucceeds() {
        edged.runtime.images().absent("app:1");
        edged.runtime.fail("pullImage", new ContainerException(Code.IMAGE_UNAVAILABLE, "no such host"));

        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        assertThat(edged.waiting("web")).isEqualTo("ErrImagePull");
        assertThat(edged.container("web").text("state", "waiting", "message")).contains("no such host");
        assertThat(edged.events("message"))
                .contains("Pulling image \"app:1\"", "Error: ErrImagePull")
                .anyMatch(message -> message.startsWith("Failed to pull image \"app:1\": "))
                .doesNotContain("Error: ImagePullBackOff");
        edged.advance(Duration.ofSeconds(2));
        assertThat(edged.waiting("web")).isEqualTo("ImagePullBackOff");
        assertThat(edged.events("message")).contains("Back-off pulling image \"app:1\"", "Error: ImagePullBackOff");
        edged.advance(Duration.ofSeconds(9));

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.events("message"))
                .anyMatch(message -> message.matches("Successfully pulled image \"app:1\" in \\d\\S*s \\(\\d\\S*s"
                        + " including waiting\\)\\. Image size: 0 bytes\\."));
    }

    @Test
    void anImageThatMustNotBePulledIsMissed() {
        edged.runtime.images().absent("app:1");

        edged.push(
                Operation.INSERT,
                PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"app:1\",\"imagePullPolicy\":\"Never\"}"),
                "pod");

        assertThat(edged.waiting("web")).isEqualTo("ErrImageNeverPull");
        assertThat(edged.events()).contains("ErrImageNeverPull").doesNotContain("Pulling");
        assertThat(edged.events("message")).contains("Error: ErrImageNeverPull");
    }

    // Kubernetes' promise to whoever wrote it: rather not at all than as root.
    @Test
    void whatMustNotRunAsRootDoesNot() {
        edged.push(
                Operation.INSERT,
                PodDocs.pod(
                        "web",
                        "uid-1",
                        "{\"name\":\"web\",\"image\":\"app:1\",\"securityContext\":{\"runAsNonRoot\":true,\"runAsUser\":0}}"),
                "pod");

        assertThat(edged.waiting("web")).isEqualTo("CreateContainerConfigError");
        assertThat(edged.container("web").text("state", "waiting", "message"))
                .startsWith("container's runAsUser breaks non-root policy");
    }

    private void pushThatMustNotBeRoot(String imageUser) {
        edged.runtime.images().user("app:1", imageUser);
        edged.push(
                Operation.INSERT,
                PodDocs.pod(
                        "web",
                        "uid-1",
                        "{\"name\":\"web\",\"image\":\"app:1\",\"securityContext\":{\"runAsNonRoot\":true}}"),
                "pod");
    }

    @Test
    void anImageOfAnotherUserThanRootRunsWhereRootMustNot() {
        pushThatMustNotBeRoot("1234");

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'container has runAsNonRoot and image will run as root (pod: \"web_default(uid-1)\", container: web)'",
        "0, 'container has runAsNonRoot and image will run as root (pod: \"web_default(uid-1)\", container: web)'",
        "app, 'container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root "
                + "(pod: \"web_default(uid-1)\", container: web)'"
    })
    void anImageOfRootOrOfNobodyKnowsWhomDoesNot(String user, String message) {
        pushThatMustNotBeRoot(user);

        assertThat(edged.waiting("web")).isEqualTo("CreateContainerConfigError");
        assertThat(edged.container("web").text("state", "waiting", "message")).isEqualTo(message);
        assertThat(edged.events("message")).contains("Error: " + message);
    }

    @Test
    void anImageWithoutANameIsInvalid() {
        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"\"}"), "pod");

        assertThat(edged.waiting("web")).isEqualTo("InvalidImageName");
    }

    @Test
    void aContainerThatCannotBeMadeIsTriedAgain() {
        edged.runtime.fail("createContainer", new ContainerException(Code.FAILED, "disk full"));

        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        assertThat(edged.waiting("web")).isEqualTo("CreateContainerError");
        edged.advance(Duration.ofSeconds(6));

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.container("web").number(-1, "restartCount")).isZero();
    }

    @Test
    void aCommandThatIsNotThereShowsWhatTheRuntimeSaid() {
        edged.runtime.fail("startContainer", new ContainerException(Code.START_FAILED, "exec: \"nope\": not found"));

        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        assertThat(edged.waiting("web")).isEqualTo("RunContainerError");
        assertThat(edged.container("web").text("state", "waiting", "message")).contains("nope");
        assertThat(edged.container("web").text("lastState", "terminated", "reason"))
                .isEqualTo("StartError");
        edged.advance(Duration.ofSeconds(11));
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void aSandboxThatCannotBeMadeLeavesAnEventAndIsTriedAgain() {
        edged.runtime.fail("runPodSandbox", new ContainerException(Code.FAILED, "no cgroup"));

        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        assertThat(edged.waiting("web")).isEqualTo("ContainerCreating");
        assertThat(edged.events()).contains("FailedCreatePodSandBox");
        edged.advance(Duration.ofSeconds(2));

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void lastWordsComeFromTheFile() throws Exception {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        Files.writeString(data.resolve("pods/uid-1/containers/web/0"), "out of tea");

        edged.runtime.exitNamed("web", 1);
        edged.settle();

        assertThat(edged.container("web").text("lastState", "terminated", "message"))
                .isEqualTo("out of tea");
    }

    @Test
    void lastWordsComeFromTheLogWhenAskedFor() throws Exception {
        edged.push(
                Operation.INSERT,
                PodDocs.pod(
                        "web",
                        "uid-1",
                        "{\"name\":\"web\",\"image\":\"i\",\"terminationMessagePolicy\":\"FallbackToLogsOnError\"}"),
                "pod");
        Path log = edged.runtime.running("web").orElseThrow().logPath();
        Files.createDirectories(log.getParent());
        Files.writeString(log, "2026-01-01T00:00:00.000000000Z stderr F panic: no tea\n");

        edged.runtime.exitNamed("web", 2);
        edged.settle();

        assertThat(edged.container("web").text("lastState", "terminated", "message"))
                .isEqualTo("panic: no tea");
    }

    // A container must not have edged read the node's files for it.
    @Test
    void lastWordsAreNotReadThroughALink() throws Exception {
        Path secret = Files.writeString(data.resolve("secret"), "hidden");
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        Path file = data.resolve("pods/uid-1/containers/web/0");
        Files.delete(file);
        Files.createSymbolicLink(file, secret);

        edged.runtime.exitNamed("web", 1);
        edged.settle();

        assertThat(edged.container("web").object("lastState", "terminated").has("message"))
                .isFalse();
    }

    @Test
    void aPodThatWritesBeyondItsEmptyDirIsEvicted() throws Exception {
        Doc pod = PodDocs.web()
                .with(List.of(Map.of("name", "v", "emptyDir", Map.of("sizeLimit", "1Ki"))), "spec", "volumes");
        edged.push(Operation.INSERT, pod, "pod");
        Files.write(data.resolve("pods/uid-1/volumes/kubernetes.io~empty-dir/v/big"), new byte[2048]);

        edged.advance(Duration.ofSeconds(61));

        assertThat(edged.status("web").text("reason")).isEqualTo("Evicted");
        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.runtime.running("web")).isEmpty();
    }

    @Test
    void badNamesNeverBecomePaths() {
        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-1", "{\"name\":\"../../x\",\"image\":\"i\"}"), "pod");

        assertThat(edged.status("web").text("reason")).isEqualTo("InvalidPodSpec");
        assertThat(edged.calls("runPodSandbox")).isZero();
    }

    @Test
    void aStatusMetaManagerCannotTakeIsOfferedAgain() {
        edged.context.deliverAs(Delivery.REFUSED);
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.context.clear();

        edged.context.deliverAs(Delivery.ACCEPTED);
        edged.advance(Duration.ofSeconds(2));

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void aFullStoreStopsNoPod() {
        edged.store.failWrites(true);

        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void anOlderVersionThatComesLateIsIgnored() {
        edged.push(Operation.INSERT, PodDocs.web().with("7", "metadata", "resourceVersion"), "pod");

        Doc older = PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"app:0\"}");
        edged.push(Operation.UPDATE, older.with("6", "metadata", "resourceVersion"), "pod");

        assertThat(edged.runtime.running("web").orElseThrow().image()).isEqualTo("app:1");
    }

    @Test
    void anAnnotationThatASubPathLackedIsHeardOfAtOnce() {
        Doc pod = PodDocs.pod(
                        "web",
                        "uid-1",
                        "{\"name\":\"web\",\"image\":\"app:1\","
                                + "\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.annotations['a']\"}}}],"
                                + "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\",\"subPathExpr\":\"$(A)\"}]}")
                .with(List.of(Map.of("name", "v", "emptyDir", Map.of())), "spec", "volumes");
        edged.push(Operation.INSERT, pod, "pod");
        assertThat(edged.waiting("web")).isEqualTo("CreateContainerConfigError");

        edged.push(Operation.UPDATE, pod.with("sub", "metadata", "annotations", "a"), "pod");

        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }
}
