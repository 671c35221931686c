package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.storage.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pod is given, what of it may change, how it is bound and how it goes. */
class PodLifeTest {

    private static final ObjectKey KEY = new ObjectKey(Kinds.POD, "default", "p");

    private final TestStores stores = new TestStores();
    private final ResourceStore store = stores.open();

    @AfterEach
    void close() {
        stores.close();
    }

    private KubeObject create(Map<String, Object> spec) {
        Doc full = Doc.of(spec);
        if (!full.has("containers")) {
            full = full.with(List.of(Map.of("name", "c", "image", "registry:5000/app")), "containers");
        }
        return store.create(
                Kinds.POD,
                "default",
                KubeObject.of(Map.of("metadata", Map.of("name", "p"), "spec", full)),
                WriteOptions.NONE);
    }

    private static Map<String, Object> container(Map<String, Object> fields) {
        return Map.of("containers", List.of(Doc.of(fields).with("c", "name").with("app:1", "image")));
    }

    private void assertInvalid(Map<String, Object> spec, String cause) {
        assertThatThrownBy(() -> create(spec)).isInstanceOfSatisfying(KubeException.class, e -> {
            assertThat(e.status().reason()).isEqualTo(Status.INVALID);
            assertThat(e.getMessage()).contains(cause);
        });
    }

    @Test
    void amountThatIsNoneIsABadRequest() {
        assertThatThrownBy(() -> create(container(Map.of("resources", Map.of("limits", Map.of("cpu", "one"))))))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.status().code()).isEqualTo(400))
                .hasMessage("Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular"
                        + " expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }

    @Test
    void podGetsWhatItDoesNotSay() {
        Doc spec = create(Map.of()).spec();

        assertThat(spec.text("restartPolicy")).isEqualTo("Always");
        assertThat(spec.text("serviceAccountName")).isEqualTo("default");
        assertThat(spec.objects("containers").get(0).text("imagePullPolicy")).isEqualTo("Always");
        assertThat(spec.objects("tolerations"))
                .extracting(t -> t.text("key") + " " + t.text("tolerationSeconds"))
                .containsExactly("node.kubernetes.io/not-ready 300", "node.kubernetes.io/unreachable 300");
    }

    // Kubernetes took negative graces once, so there are manifests with them.
    @Test
    void negativeGraceIsOneSecond() {
        KubeObject pod = create(Map.of("terminationGracePeriodSeconds", -1));

        KubeObject again =
                store.update(KEY, "", pod.with(-1, "spec", "terminationGracePeriodSeconds"), WriteOptions.NONE);

        assertThat(pod.spec().number(0, "terminationGracePeriodSeconds")).isEqualTo(1);
        assertThat(again.spec().number(0, "terminationGracePeriodSeconds")).isEqualTo(1);
    }

    @Test
    void probeAndVolumeDefaultsAreFilledIn() {
        Doc spec = create(Map.of(
                        "containers",
                        List.of(Map.of(
                                "name",
                                "c",
                                "image",
                                "app:1",
                                "readinessProbe",
                                Map.of("httpGet", Map.of("port", 80)),
                                "resources",
                                Map.of("limits", Map.of("cpu", "1")))),
                        "volumes",
                        List.of(
                                Map.of("name", "a", "configMap", Map.of("name", "x")),
                                Map.of("name", "b"),
                                Map.of("name", "d", "hostPath", Map.of("path", "/x")))))
                .spec();

        Doc container = spec.objects("containers").get(0);
        assertThat(container.object("readinessProbe").asMap())
                .containsEntry("timeoutSeconds", 1)
                .containsEntry("periodSeconds", 10)
                .containsEntry("successThreshold", 1)
                .containsEntry("failureThreshold", 3);
        assertThat(container.text("readinessProbe", "httpGet", "path")).isEqualTo("/");
        assertThat(container.text("resources", "requests", "cpu")).isEqualTo("1");
        assertThat(container.text("imagePullPolicy")).isEqualTo("IfNotPresent");
        assertThat(spec.objects("volumes").get(0).number(0, "configMap", "defaultMode"))
                .isEqualTo(420);
        assertThat(spec.objects("volumes").get(1).has("emptyDir")).isTrue();
    }

    @Test
    void qualityOfServiceFollowsRequestsAndLimits() {
        Map<String, Object> all = Map.of("cpu", "1", "memory", "1Gi");

        String guaranteed = create(container(Map.of("resources", Map.of("limits", all))))
                .status()
                .text("qosClass");
        store.delete(KEY, DeleteOptions.NOW);
        String burstable = create(container(Map.of("resources", Map.of("requests", Map.of("cpu", "1")))))
                .status()
                .text("qosClass");

        assertThat(List.of(guaranteed, burstable)).containsExactly("Guaranteed", "Burstable");
    }

    @Test
    void mistakesAreNamedByField() {
        assertInvalid(Map.of("containers", List.of()), "spec.containers: Required value");
        assertInvalid(
                container(Map.of("env", List.of(Map.of("name", "1A", "value", "x")))),
                "spec.containers[0].env[0].name: Invalid value: \"1A\": a valid environment variable name must");
        assertInvalid(
                container(Map.of("volumeMounts", List.of(Map.of("name", "v", "mountPath", "/v")))),
                "spec.containers[0].volumeMounts[0].name: Not found: \"v\"");
        assertInvalid(
                container(Map.of("resources", Map.of("requests", Map.of("cpu", "2"), "limits", Map.of("cpu", "1")))),
                "must be less than or equal to cpu limit of 1");
        assertInvalid(
                container(Map.of("livenessProbe", Map.of("periodSeconds", 1))),
                "spec.containers[0].livenessProbe: Required value: must specify a handler type");
        assertInvalid(
                Map.of(
                        "volumes",
                        List.of(Map.of(
                                "name",
                                "v",
                                "configMap",
                                Map.of("name", "x", "items", List.of(Map.of("key", "k", "path", "../up")))))),
                "spec.volumes[0].configMap.items[0].path: Invalid value: \"../up\": must not contain '..'");
    }

    // A second kubectl apply of the same file: its list of tolerations takes the place of the one admission added to.
    @Test
    void whatAdmissionAddedMayBeLeftOutOfAChange() {
        Map<String, Object> own = Map.of("key", "a", "operator", "Exists");
        KubeObject pod = create(Map.of("tolerations", List.of(own)));
        Patch patch = new Patch(
                PatchType.STRATEGIC_MERGE, "{\"spec\":{\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}}");

        assertThat(store.patch(KEY, "", patch, WriteOptions.NONE)).isEqualTo(pod);

        KubeObject bare = pod.without("spec", "priority")
                .without("spec", "preemptionPolicy")
                .without("spec", "serviceAccount")
                .with(List.of(own), "spec", "tolerations");
        assertThat(store.update(KEY, "", bare, WriteOptions.NONE)).isEqualTo(pod);
    }

    @Test
    void podIsBoundOnce() {
        create(Map.of());
        KubeObject binding = KubeObject.of(Map.of("target", Map.of("kind", "Node", "name", "n1")));

        KubeObject answer = store.createSub(KEY, "binding", binding, WriteOptions.NONE);

        assertThat(answer.doc().text("status")).isEqualTo("Success");
        assertThat(store.get(KEY).spec().text("nodeName")).isEqualTo("n1");
        assertThatThrownBy(() -> store.createSub(KEY, "binding", binding, WriteOptions.NONE))
                .hasMessageContaining("already assigned to node \"n1\"");
    }

    @Test
    void deletedAgainItCanOnlyBeHurried() {
        create(Map.of("nodeName", "n1"));

        KubeObject first = store.delete(KEY, grace(60));
        KubeObject longer = store.delete(KEY, grace(90));
        KubeObject shorter = store.delete(KEY, grace(10));
        KubeObject negative = store.delete(KEY, grace(-1));

        assertThat(first.doc().number(0, "metadata", "deletionGracePeriodSeconds"))
                .isEqualTo(60);
        assertThat(longer.resourceVersion()).isEqualTo(first.resourceVersion());
        assertThat(shorter.doc().number(0, "metadata", "deletionGracePeriodSeconds"))
                .isEqualTo(10);
        assertThat(shorter.deletionTimestamp().orElseThrow())
                .isEqualTo(first.deletionTimestamp().orElseThrow().minusSeconds(50));
        assertThat(negative.doc().number(0, "metadata", "deletionGracePeriodSeconds"))
                .isEqualTo(1);
    }

    @Test
    void finishedPodGoesAtOnce() {
        create(Map.of("nodeName", "n1"));
        store.patch(
                KEY, "status", new Patch(PatchType.MERGE, "{\"status\":{\"phase\":\"Succeeded\"}}"), WriteOptions.NONE);

        store.delete(KEY, DeleteOptions.NONE);

        assertThat(store.list(Kinds.POD, "default", ListOptions.ALL).items()).isEmpty();
    }

    @Test
    void bodyForAnotherPodIsRefused() {
        create(Map.of());
        KubeObject other =
                KubeObject.of(Map.of("metadata", Map.of("name", "q"), "target", Map.of("kind", "Node", "name", "n1")));

        assertThatThrownBy(() -> store.createSub(KEY, "eviction", other, WriteOptions.NONE))
                .hasMessage("name in URL does not match name in Eviction object");
        assertThatThrownBy(() -> store.createSub(KEY, "binding", other, WriteOptions.NONE))
                .hasMessage("name in URL does not match name in Binding object");
    }

    @Test
    void evictionDeletesWithGrace() {
        create(Map.of("nodeName", "n1"));

        store.createSub(
                KEY,
                "eviction",
                KubeObject.of(Map.of("deleteOptions", Map.of("gracePeriodSeconds", 5))),
                WriteOptions.NONE);

        assertThat(store.get(KEY).doc().number(0, "metadata", "deletionGracePeriodSeconds"))
                .isEqualTo(5);
    }

    private static DeleteOptions grace(long seconds) {
        return new DeleteOptions(OptionalLong.of(seconds), "", "", DeleteOptions.Propagation.BACKGROUND, false);
    }

    // The kubelet's and KubeEdge's patches name the pod they mean: a new pod of the name must not get its status.
    @Test
    void statusOfAnEarlierPodIsRefused() {
        create(Map.of("nodeName", "n1"));
        String patch = "{\"metadata\":{\"uid\":\"another\"},\"status\":{\"phase\":\"Running\"}}";

        assertThatThrownBy(() ->
                        store.patch(KEY, "status", new Patch(PatchType.STRATEGIC_MERGE, patch), WriteOptions.NONE))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(Status.CONFLICT));
    }

    @Test
    void tokenIsSignedForTheAccountAndThePod() throws GeneralSecurityException {
        KubeObject pod = create(Map.of());
        KubeObject request = KubeObject.of(Map.of(
                "spec",
                Map.of(
                        "audiences",
                        List.of("api"),
                        "expirationSeconds",
                        600,
                        "boundObjectRef",
                        Map.of("kind", "Pod", "name", "p", "uid", pod.uid()))));

        KubeObject answer = store.createSub(
                new ObjectKey(Kinds.SERVICE_ACCOUNT, "default", "default"), "token", request, WriteOptions.NONE);

        String[] parts = answer.status().text("token").split("\\.");
        Doc claims =
                Doc.of(Json.readObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)));
        assertThat(claims.text("sub")).isEqualTo("system:serviceaccount:default:default");
        assertThat(claims.text("kubernetes.io", "pod", "uid")).isEqualTo(pod.uid());
        assertThat(new BigInteger(claims.text("exp")))
                .isEqualTo(new BigInteger(claims.text("iat")).add(BigInteger.valueOf(600)));
        assertThat(verified(parts)).isTrue();
    }

    private boolean verified(String[] parts) throws GeneralSecurityException {
        byte[] key = Base64.getDecoder()
                .decode(store.get(new ObjectKey(Kinds.SECRET, "kube-system", "service-account-key"))
                        .doc()
                        .text("data", "pub"));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key)));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }
}
