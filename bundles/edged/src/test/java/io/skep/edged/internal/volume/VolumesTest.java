package io.skep.edged.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.ConfigException;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Propagation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumesTest {

    private static final HostFacts HOST =
            new HostFacts("edge-1", "192.0.2.1", 2000, 1 << 30, 1 << 30, 1 << 30, Map.of());
    private static final Doc CONFIG = Json.object(
            "{\"metadata\":{\"name\":\"c\"},\"data\":{\"k\":\"v\",\"l\":\"w\"},\"binaryData\":{\"b\":\"AAE=\"}}");
    private static final Doc SECRET = Json.object("{\"metadata\":{\"name\":\"s\"},\"data\":{\"p\":\"cGFzcw==\"}}");
    private static final Map<Ref, Doc> OBJECTS =
            Map.of(Ref.configMap("default", "c"), CONFIG, Ref.secret("default", "s"), SECRET);

    @TempDir
    Path folder;

    private Volumes volumes;

    @BeforeEach
    void create() {
        volumes = new Volumes(folder);
    }

    private static Pod pod(String volume, String mount) {
        return Pod.of(Json.object("""
                {"metadata":{"name":"p","namespace":"default","uid":"u1","labels":{"a":"1","b":"two"}},
                 "spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"500m","memory":"64Mi"}},
                   "volumeMounts":[%s]}],"volumes":[%s]}}""".formatted(mount, volume)));
    }

    private Path mount(String volume) throws Exception {
        PodFields fields = new PodFields(pod(volume, ""), HOST, List.of("10.0.0.5"));
        return volumes.mount(fields, OBJECTS, Map.of(new TokenSpec("", 3600), "tok"))
                .get("v");
    }

    private List<Mount> mounts(String volume, String mount) throws Exception {
        Pod pod = pod(volume, mount);
        Map<String, Path> paths = volumes.mount(new PodFields(pod, HOST, List.of()), OBJECTS, Map.of());
        return volumes.mounts(pod.containers().get(0), paths, Map.of("NAME", "sub", "EMPTY", ""), "u1");
    }

    @Test
    void aConfigMapLiesWhereKubeletPutsIt() throws Exception {
        Path path = mount("{\"name\":\"v\",\"configMap\":{\"name\":\"c\"}}");

        assertThat(path).isEqualTo(folder.resolve("u1/volumes/kubernetes.io~configmap/v"));
        assertThat(Files.readString(path.resolve("k"))).isEqualTo("v");
        assertThat(Files.readAllBytes(path.resolve("b"))).containsExactly(0, 1);
    }

    @Test
    void itemsChooseAndPlaceKeys() throws Exception {
        Path path = mount("{\"name\":\"v\",\"configMap\":{\"name\":\"c\",\"defaultMode\":384,"
                + "\"items\":[{\"key\":\"k\",\"path\":\"deep/x\",\"mode\":256}]}}");

        assertThat(Files.readString(path.resolve("deep/x"))).isEqualTo("v");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("deep/x"))))
                .isEqualTo("r--------");
        assertThat(path.resolve("l")).doesNotExist();
    }

    @Test
    void aSecretIsDecodedIntoAPrivateFolder() throws Exception {
        Path path = mount("{\"name\":\"v\",\"secret\":{\"secretName\":\"s\"}}");

        assertThat(Files.readString(path.resolve("p"))).isEqualTo("pass");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aMissingSourceIsNamedUnlessOptional() throws Exception {
        assertThatThrownBy(() -> mount("{\"name\":\"v\",\"configMap\":{\"name\":\"none\"}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : configmap \"none\" not found");
        assertThat(mount("{\"name\":\"v\",\"configMap\":{\"name\":\"none\",\"optional\":true}}"))
                .isDirectory();
    }

    @Test
    void aMissingKeyIsNamed() {
        assertThatThrownBy(() -> mount("{\"name\":\"v\",\"configMap\":{\"name\":\"c\","
                        + "\"items\":[{\"key\":\"nope\",\"path\":\"x\"}]}}"))
                .hasMessageContaining("references non-existent configmap key: nope");
    }

    @Test
    void aProjectedVolumeHoldsAllItsSources() throws Exception {
        Path path = mount("""
                {"name":"v","projected":{"sources":[
                  {"serviceAccountToken":{"path":"token"}},
                  {"configMap":{"name":"c","items":[{"key":"k","path":"ca.crt"}]}},
                  {"secret":{"name":"s"}},
                  {"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}}""");

        assertThat(Files.readString(path.resolve("token"))).isEqualTo("tok");
        assertThat(Files.readString(path.resolve("ca.crt"))).isEqualTo("v");
        assertThat(Files.readString(path.resolve("p"))).isEqualTo("pass");
        assertThat(Files.readString(path.resolve("namespace"))).isEqualTo("default");
    }

    @Test
    void theDownwardApiTellsLabelsAndLimits() throws Exception {
        Path path = mount("""
                {"name":"v","downwardAPI":{"items":[
                  {"path":"labels","fieldRef":{"fieldPath":"metadata.labels"}},
                  {"path":"cpu","resourceFieldRef":{"containerName":"c","resource":"limits.cpu","divisor":"1m"}},
                  {"path":"memory","resourceFieldRef":{"containerName":"c","resource":"limits.memory","divisor":"1Mi"}}]}}""");

        assertThat(Files.readString(path.resolve("labels"))).isEqualTo("a=\"1\"\nb=\"two\"");
        assertThat(Files.readString(path.resolve("cpu"))).isEqualTo("500");
        assertThat(Files.readString(path.resolve("memory"))).isEqualTo("64");
    }

    @Test
    void anEmptyDirIsWritableAndKeptAcrossMounts() throws Exception {
        Path path = mount("{\"name\":\"v\",\"emptyDir\":{}}");
        Files.writeString(path.resolve("f"), "x");

        assertThat(Files.readString(mount("{\"name\":\"v\",\"emptyDir\":{}}").resolve("f")))
                .isEqualTo("x");
    }

    @Test
    void aHostPathIsCheckedByItsType() throws Exception {
        Path there = Files.createDirectory(folder.resolve("there"));

        assertThat(mount("{\"name\":\"v\",\"hostPath\":{\"path\":\"" + there + "\",\"type\":\"Directory\"}}"))
                .isEqualTo(there);
        assertThatThrownBy(() -> mount("{\"name\":\"v\",\"hostPath\":{\"path\":\"" + there + "\",\"type\":\"File\"}}"))
                .hasMessageContaining("hostPath type check failed: " + there + " is not a file");
        assertThatThrownBy(() -> mount("{\"name\":\"v\",\"hostPath\":{\"path\":\"/a/../b\"}}"))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void aSubPathStaysInsideItsVolume() throws Exception {
        Path there = Files.createDirectory(folder.resolve("there"));
        Files.createSymbolicLink(there.resolve("out"), Path.of("/etc"));
        String volume = "{\"name\":\"v\",\"hostPath\":{\"path\":\"" + there + "\"}}";

        assertThat(mounts(
                        volume, "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPathExpr\":\"$(NAME)\",\"readOnly\":true}"))
                .containsExactly(new Mount(there.resolve("sub").toString(), "/m", true));
        assertThatThrownBy(() -> mounts(volume, "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPath\":\"out\"}"))
                .hasMessageContaining("leads out of its volume");
        assertThatThrownBy(() -> mounts(volume, "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPath\":\"../x\"}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("..");
        assertThatThrownBy(() -> mounts(volume, "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPath\":\"/tmp\"}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("absolute");
    }

    @ParameterizedTest
    @CsvSource({
        "'', PRIVATE",
        "'\"mountPropagation\":\"None\",', PRIVATE",
        "'\"mountPropagation\":\"HostToContainer\",', HOST_TO_CONTAINER",
        "'\"mountPropagation\":\"Bidirectional\",', BIDIRECTIONAL"
    })
    void aMountSaysWhatOfLaterOnesIsSeen(String field, Propagation propagation) throws Exception {
        List<Mount> ours =
                mounts("{\"name\":\"v\",\"emptyDir\":{}}", "{\"name\":\"v\"," + field + "\"mountPath\":\"/m\"}");
        List<Mount> theNodes = mounts(
                "{\"name\":\"v\",\"hostPath\":{\"path\":\"/srv\"}}",
                "{\"name\":\"v\"," + field + "\"mountPath\":\"/m\"}");

        assertThat(ours.get(0).propagation()).isEqualTo(propagation);
        assertThat(ours.get(0).owned()).isTrue();
        assertThat(theNodes).containsExactly(new Mount("/srv", "/m", false, propagation, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$(NONE)", "$(EMPTY)", "a/$(NONE)"})
    void aSubPathOfAVariableWithoutValueIsRefused(String expression) {
        assertThatThrownBy(() -> mounts(
                        "{\"name\":\"v\",\"emptyDir\":{}}",
                        "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPathExpr\":\"" + expression + "\"}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("missing value for ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b/", "./a/b", "a//b", "a/./b"})
    void aSubPathNeedNotBeItsShortestForm(String sub) throws Exception {
        Path there = Files.createDirectories(folder.resolve("there/a/b"));

        assertThat(mounts(
                        "{\"name\":\"v\",\"hostPath\":{\"path\":\"" + folder.resolve("there") + "\"}}",
                        "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPath\":\"" + sub + "\"}"))
                .containsExactly(new Mount(there.toString(), "/m", false));
    }

    // Kubernetes: a subPath that is missing gets the volume's mode, for users who are not root.
    @Test
    void aSubPathIsAsWritableAsItsVolume() throws Exception {
        List<Mount> mounts =
                mounts("{\"name\":\"v\",\"emptyDir\":{}}", "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPath\":\"a/b\"}");

        Path made = Path.of(mounts.get(0).hostPath());
        assertThat(mode(made)).isEqualTo(0777);
        assertThat(mode(made.getParent())).isEqualTo(0777);
    }

    // Kubernetes: SetVolumeOwnership.
    @Test
    void whatIsMadeInAnEmptyDirBelongsToThePodsGroup() throws Exception {
        Assumptions.assumeTrue((int) Files.getAttribute(folder, "unix:uid") == 0, "root may give files away");
        Pod pod = Pod.of(
                pod("{\"name\":\"v\",\"emptyDir\":{}}", "{\"name\":\"v\",\"mountPath\":\"/m\",\"subPath\":\"a\"}")
                        .object()
                        .doc()
                        .with(123, "spec", "securityContext", "fsGroup"));

        Map<String, Path> paths = volumes.mount(new PodFields(pod, HOST, List.of()), OBJECTS, Map.of());
        Path sub = Path.of(volumes.mounts(pod.containers().get(0), paths, Map.of(), "u1")
                .get(0)
                .hostPath());
        Path file = Files.writeString(sub.resolve("f"), "x");

        assertThat(mode(paths.get("v"))).isEqualTo(02777);
        assertThat(mode(sub)).isEqualTo(02777);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(123);
    }

    private static int mode(Path path) throws Exception {
        return (int) Files.getAttribute(path, "unix:mode") & 07777;
    }

    // Kubernetes: a container that mounts by subPath does not see updates.
    @Test
    void aSubPathOfAConfigMapDoesNotChangeUnderTheContainer() throws Exception {
        List<Mount> mounts = mounts(
                "{\"name\":\"v\",\"configMap\":{\"name\":\"c\"}}",
                "{\"name\":\"v\",\"mountPath\":\"/m/k\",\"subPath\":\"k\"}");
        PodFields fields = new PodFields(pod("{\"name\":\"v\",\"configMap\":{\"name\":\"c\"}}", ""), HOST, List.of());

        volumes.mount(fields, Map.of(Ref.configMap("default", "c"), CONFIG.with("new", "data", "k")), Map.of());

        assertThat(Files.readString(Path.of(mounts.get(0).hostPath()))).isEqualTo("v");
    }

    @Test
    void whatThisNodeCannotMountIsNamed() {
        assertThatThrownBy(() -> mount("{\"name\":\"v\",\"nfs\":{\"server\":\"x\"}}"))
                .hasMessageContaining("volume type nfs is not supported on this node");
    }

    @Test
    void erasingTakesTheWholeFolderButFollowsNoLink() throws Exception {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("f"), "x");
        Path path = mount("{\"name\":\"v\",\"emptyDir\":{}}");
        Files.createSymbolicLink(path.resolve("link"), kept);

        volumes.erase("u1");

        assertThat(folder.resolve("u1")).doesNotExist();
        assertThat(kept.resolve("f")).exists();
    }
}
