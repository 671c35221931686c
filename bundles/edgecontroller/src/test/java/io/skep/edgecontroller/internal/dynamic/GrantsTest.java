package io.skep.edgecontroller.internal.dynamic;

import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.application;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.bytes;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.refusal;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.result;
import static io.skep.kube.api.InMemoryResourceStore.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node's MetaServer may do. */
class GrantsTest {

    private static final DynamicSettings OPEN = new DynamicSettings(true, Set.of("*"), Set.of("*"), false, 3);

    private final MetaServerSide side = MetaServerSide.with(MetaServerSide.writing("*"));

    private static Map<String, Object> patch(String key, String name) {
        return application(
                "patch",
                key,
                tree("Name", name, "PatchType", "application/merge-patch+json", "Data", bytes(tree())),
                null);
    }

    private void secret(String name) {
        side.create(Kinds.SECRET, "default", name, tree("data", tree("password", "c2VjcmV0")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/core/v1/secrets/null/null", "/core/v1/secrets/default/null", "/core/v1/configmaps/default/null"
            })
    void allSecretsOrConfigMapsAreNotListedNorWatched(String key) {
        assertThat(refusal(side.apply("list", key))).isEqualTo("Rejected Forbidden");
        assertThat(refusal(side.watch(key, ""))).isEqualTo("Rejected Forbidden");
        assertThat(refusal(side.watch(key, "metadata.name!=x"))).isEqualTo("Rejected Forbidden");
    }

    // A node asks for the sake of a pod, not of a MetaServer; Kubernetes' node authorizer grants it to every node.
    @Test
    void runtimeClassIsReadWhateverIsSwitchedOffOrNotListed() {
        MetaServerSide off = MetaServerSide.with(new DynamicSettings(false, Set.of(), Set.of(), true, 3));
        off.create(Kinds.RUNTIME_CLASS, "", "kata", tree("handler", "kata-qemu"));
        String key = "/node.k8s.io/v1/runtimeclasses/null/";

        assertThat(result(off.apply("get", key + "kata")).text("handler")).isEqualTo("kata-qemu");
        assertThat(refusal(off.apply("get", key + "none"))).isEqualTo("Rejected NotFound");
        assertThat(refusal(off.apply("list", key + "null"))).isEqualTo("Rejected ServiceUnavailable");
        assertThat(refusal(off.apply("delete", key + "kata"))).isEqualTo("Rejected ServiceUnavailable");
    }

    @Test
    void whatAPodOfTheNodeUsesIsReadByName() {
        side.configMap("config");
        secret("key");
        side.podWith("config", "key");

        assertThat(result(side.apply("get", "/core/v1/secrets/default/key")).text("data", "password"))
                .isEqualTo("c2VjcmV0");
        Doc named = side.apply(application(
                "list", "/core/v1/configmaps/default/null", tree("fieldSelector", "metadata.name=config"), null));
        assertThat(result(named).objects("items")).hasSize(1);
        assertThat(side.watch("/core/v1/secrets/default/null", "metadata.name=key")
                        .text("Status"))
                .isEqualTo("Approved");
    }

    @Test
    void secretNoPodOfTheNodeUsesIsNeitherReadNorChanged() {
        secret("others");

        assertThat(refusal(side.apply("get", "/core/v1/secrets/default/others")))
                .isEqualTo("Rejected Forbidden");
        assertThat(refusal(side.watch("/core/v1/secrets/default/null", "metadata.name=others")))
                .isEqualTo("Rejected Forbidden");
        // An empty patch would answer with the whole object.
        assertThat(refusal(side.apply(patch("/core/v1/secrets/default/others", "others"))))
                .isEqualTo("Rejected Forbidden");
        assertThat(refusal(side.apply("delete", "/core/v1/secrets/default/others")))
                .isEqualTo("Rejected Forbidden");
    }

    @Test
    void podsAreNarrowedToTheNodesOwn() {
        side.pod("mine", "edge-1");
        side.pod("other", "edge-2");

        assertThat(result(side.apply("list", "/core/v1/pods/null/null")).objects("items"))
                .extracting(o -> o.text("metadata", "name"))
                .containsExactly("mine");
        assertThat(refusal(side.apply("get", "/core/v1/pods/default/other"))).isEqualTo("Rejected Forbidden");
        assertThat(side.apply("get", "/core/v1/pods/default/mine").text("Status"))
                .isEqualTo("Approved");
        assertThat(refusal(side.apply("delete", "/core/v1/pods/default/other"))).isEqualTo("Rejected Forbidden");
    }

    @Test
    void nodeChangesNoOtherNode() {
        side.create(Kinds.NODE, "", "edge-1", tree());
        side.create(Kinds.NODE, "", "edge-2", tree());
        side.create(Kinds.LEASE, "kube-node-lease", "edge-2", tree());

        assertThat(refusal(side.apply(patch("/core/v1/nodes/null/edge-2", "edge-2"))))
                .isEqualTo("Rejected Forbidden");
        assertThat(refusal(side.apply(patch("/coordination.k8s.io/v1/leases/kube-node-lease/edge-2", "edge-2"))))
                .isEqualTo("Rejected Forbidden");
        assertThat(side.apply(patch("/core/v1/nodes/null/edge-1", "edge-1")).text("Status"))
                .isEqualTo("Approved");
    }

    @Test
    void tokenIsGivenOnlyForAnAccountThatAPodOfTheNodeRunsAs() {
        side.create(Kinds.SERVICE_ACCOUNT, "default", "admin", tree());
        Map<String, Object> token =
                application("create", "/core/v1/serviceaccounts/default/admin", tree(), tree("spec", tree()));
        token.put("Subresource", "token");

        assertThat(refusal(side.apply(token))).isEqualTo("Rejected Forbidden");
    }

    @Test
    void nothingIsWrittenByDefault() {
        MetaServerSide usual = MetaServerSide.with(MetaServerSide.DEFAULTS);
        usual.service("web");
        Map<String, Object> body = tree("metadata", tree("name", "made"));

        for (Doc answer : List.of(
                usual.apply(application("create", "/core/v1/services/default/null", tree(), body)),
                usual.apply(application("update", "/core/v1/services/default/web", tree(), tree())),
                usual.apply(application("updatestatus", "/core/v1/services/default/web", tree(), tree())),
                usual.apply(patch("/core/v1/services/default/web", "web")),
                usual.apply("delete", "/core/v1/services/default/web"))) {
            assertThat(refusal(answer)).isEqualTo("Rejected Forbidden");
            assertThat(answer.text("Error", "ErrStatus", "message")).contains("dynamic.write does not list services");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "services,update,Rejected NotFound",
        "services,updatestatus,Rejected Forbidden",
        "services/status,update,Rejected Forbidden",
        "services/status,updatestatus,Rejected NotFound"
    })
    void subresourcesAreListedByThemselves(String listed, String verb, String expected) {
        MetaServerSide some = MetaServerSide.with(MetaServerSide.writing(listed));

        assertThat(refusal(some.apply(application(verb, "/core/v1/services/default/web", tree(), tree("a", "b")))))
                .isEqualTo(expected);
    }

    @Test
    void kindNotListedIsNotRead() {
        assertThat(refusal(side.apply("list", "/core/v1/serviceaccounts/default/null")))
                .isEqualTo("Rejected Forbidden");
    }

    @Test
    void withoutAuthorizationAndWithAllKindsEverythingIsAllowed() {
        MetaServerSide open = MetaServerSide.with(OPEN);
        open.create(Kinds.SECRET, "default", "key", tree());
        open.pod("other", "edge-2");

        assertThat(result(open.apply("list", "/core/v1/secrets/null/null")).objects("items"))
                .hasSize(1);
        assertThat(result(open.apply("list", "/core/v1/pods/null/null")).objects("items"))
                .hasSize(1);
        assertThat(open.apply("delete", "/core/v1/secrets/default/key").text("Status"))
                .isEqualTo("Approved");
    }
}
