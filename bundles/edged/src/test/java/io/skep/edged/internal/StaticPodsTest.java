package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleNames;
import io.skep.edged.internal.link.Json;
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

class StaticPodsTest {

    private static final String MIRROR = "default/pod/web-edge-1";
    private static final String YAML = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 2
              containers: [{name: web, image: "app:1"}]
            """;

    @TempDir
    Path data;

    private Path folder;
    private EdgedFixture edged;

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectory(data.resolve("manifests"));
        edged = new EdgedFixture(data);
        edged.manifests = Optional.of(folder);
        edged.online = false;
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void startWith(String text) throws IOException {
        write("web.yaml", text);
        edged.start();
    }

    private void look() {
        edged.advance(Duration.ofSeconds(11));
    }

    private Doc mirror() {
        return edged.cloud.get(MIRROR);
    }

    private Doc lastPatch() {
        List<Message> patches = edged.context.sentTo(ModuleNames.META_MANAGER).stream()
                .filter(m -> m.route().resource().equals("default/podpatch/web-edge-1"))
                .toList();
        return Json.object(
                (String) Json.read(patches.get(patches.size() - 1).content().json()));
    }

    private String runningUid() {
        return edged.runtime
                .sandboxConfig(edged.runtime.running("web").get().sandboxId())
                .metadata()
                .uid();
    }

    @Test
    void runsWithoutTheCloudAndBeforeMetaManagerAnswers() throws IOException {
        edged.listFails = true;

        startWith(YAML);

        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void readsJsonToo() throws IOException {
        write("web.json", Json.write(PodDocs.web()));

        edged.start();

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(runningUid()).isNotEqualTo("uid-1");
    }

    @Test
    void showsItselfAsAMirrorOwnedByTheNode() throws IOException {
        startWith(YAML);
        String uid = runningUid();

        edged.connected(true);

        assertThat(mirror().textMap("metadata", "annotations"))
                .containsEntry("kubernetes.io/config.source", "file")
                .containsEntry("kubernetes.io/config.hash", uid)
                .containsEntry("kubernetes.io/config.mirror", uid);
        assertThat(mirror().objects("metadata", "ownerReferences"))
                .singleElement()
                .satisfies(owner -> {
                    assertThat(owner.text("kind")).isEqualTo("Node");
                    assertThat(owner.text("name")).isEqualTo("edge-1");
                    assertThat(owner.text("uid")).isEqualTo("uid-of-default/node/edge-1");
                });
        assertThat(mirror().text("spec", "nodeName")).isEqualTo("edge-1");
        assertThat(lastPatch().text("metadata", "uid")).isEqualTo(mirror().text("metadata", "uid"));
        assertThat(lastPatch().text("status", "phase")).isEqualTo("Running");
    }

    @Test
    void aMirrorThatComesBackFromTheCloudIsNotRun() throws IOException {
        startWith(YAML);
        edged.connected(true);

        edged.push(Operation.INSERT, mirror(), "pod");

        assertThat(edged.calls("startContainer")).isEqualTo(1);
    }

    @Test
    void deletingTheMirrorOnlyMakesAnother() throws IOException {
        startWith(YAML);
        edged.connected(true);
        Doc first = mirror();
        edged.push(Operation.INSERT, first, "pod");

        edged.push(Operation.UPDATE, PodDocs.deleting(first, 30), "pod");
        Doc second = mirror();
        edged.push(Operation.DELETE, first, "pod");

        assertThat(second.text("metadata", "uid")).isNotEqualTo(first.text("metadata", "uid"));
        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.calls("stopContainer")).isZero();
        assertThat(lastPatch().text("metadata", "uid")).isEqualTo(second.text("metadata", "uid"));
    }

    @Test
    void aForcedDeleteOfTheMirrorMakesAnotherToo() throws IOException {
        startWith(YAML);
        edged.connected(true);
        Doc first = mirror();
        edged.push(Operation.INSERT, first, "pod");
        edged.cloud.remove(MIRROR);

        edged.push(Operation.DELETE, first, "pod");

        assertThat(mirror()).isNotNull();
        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void aDeleteOfThatNameFromTheCloudEndsNothing() throws IOException {
        startWith(YAML);

        edged.tell(Operation.DELETE, MIRROR, new Content.Json("{}"));

        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void aChangedFileIsAnotherPodOnceTheFormerIsGone() throws IOException {
        startWith(YAML);
        edged.connected(true);
        String before = runningUid();

        write("web.yaml", YAML.replace("app:1", "app:22"));
        look();

        assertThat(runningUid()).isNotEqualTo(before);
        assertThat(edged.runtime.calls().indexOf("removePodSandbox sandbox-1"))
                .isPositive()
                .isLessThan(edged.runtime.calls().lastIndexOf("runPodSandbox web-edge-1"));
        assertThat(mirror().text("metadata", "annotations", "kubernetes.io/config.mirror"))
                .isEqualTo(runningUid());
    }

    @Test
    void aRemovedFileEndsItsPodAndTakesTheMirrorAway() throws IOException {
        startWith(YAML);
        edged.connected(true);

        Files.delete(folder.resolve("web.yaml"));
        look();

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(mirror()).isNull();
    }

    @Test
    void aFolderThatCannotBeReadEndsNothing() throws IOException {
        startWith(YAML);

        Files.delete(folder.resolve("web.yaml"));
        Files.delete(folder);
        look();

        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void aBadFileIsToldOnceAndKeepsItsPodWhileOthersGoOn() throws IOException {
        startWith(YAML);

        write("web.yaml", "kind: [Pod");
        write("other.yaml", YAML.replace("web", "other"));
        look();
        look();

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.runtime.running("other")).isPresent();
        assertThat(edged.events().stream().filter("FailedValidation"::equals)).hasSize(1);
    }

    @Test
    void aSecondPodOfTheSameNameIsRefused() throws IOException {
        write("a.yaml", YAML);
        write("b.yaml", YAML);

        edged.start();

        assertThat(edged.calls("startContainer")).isEqualTo(1);
        assertThat(edged.events()).contains("FailedValidation");
    }

    @Test
    void survivesARestartWithoutBeingStartedAgain() throws IOException {
        startWith(YAML);
        edged.connected(true);
        edged.push(Operation.INSERT, mirror(), "pod");

        edged.restart();
        look();

        assertThat(edged.calls("startContainer")).isEqualTo(1);
        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void aFileRemovedWhileEdgedWasAwayEndsItsPod() throws IOException {
        startWith(YAML);
        Files.delete(folder.resolve("web.yaml"));

        edged.restart();
        look();

        assertThat(edged.runtime.running("web")).isEmpty();
    }

    @Test
    void isKeptWhenItsFileTurnedBadWhileEdgedWasAway() throws IOException {
        startWith(YAML);
        write("web.yaml", "");

        edged.restart();
        look();

        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void aSwapKeepsIt() throws IOException {
        startWith(YAML);

        edged.swap();
        look();

        assertThat(edged.calls("startContainer")).isEqualTo(1);
        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void aPodOfTheCloudCannotPassForStatic() throws IOException {
        startWith(YAML);
        Doc pod = PodDocs.web().with(Map.of("kubernetes.io/config.source", "file"), "metadata", "annotations");
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.DELETE, pod, "pod");

        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
    }
}
