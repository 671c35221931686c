package io.skep.edgecontroller.internal.dynamic;

import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.application;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.bytes;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.refusal;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.result;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.text;
import static io.skep.kube.api.InMemoryResourceStore.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs of applications, and what becomes of one that is refused. */
class ApplicationsTest {

    private static final String WEB = "/core/v1/services/default/web";

    private final MetaServerSide side = MetaServerSide.with(MetaServerSide.writing("services", "services/status"));

    private KubeObject stored() {
        return side.store.get(new ObjectKey(MetaServerSide.SERVICE, "default", "web"));
    }

    @Test
    void getAnswersWithTheApplicationItselfAndTheObject() {
        side.service("web");
        Map<String, Object> asked = application("get", WEB, tree(), null);

        Message request = side.send(MetaServerSide.NODE, "null", asked);
        side.context.runWork();

        Message answer = side.answerMessage(request);
        assertThat(answer.route())
                .isEqualTo(Route.of(
                        "dynamiccontroller",
                        "resource",
                        "applicationResponse",
                        "node/edge-1/ignore/Application/ignore"));
        Doc application = side.answer(request);
        assertThat(application.asMap()).containsAllEntriesOf(Map.of("ID", asked.get("ID"), "Key", WEB, "Verb", "get"));
        assertThat(application.text("Status")).isEqualTo("Approved");
        assertThat(application.object("Error").asMap()).isEqualTo(tree("ErrStatus", tree("metadata", tree())));
        assertThat(new KubeObject(result(application))).isEqualTo(stored());
    }

    @Test
    void whatIsMissingIsAnsweredWithTheServersStatus() {
        Doc answer = side.apply("get", WEB);

        assertThat(answer.text("Status")).isEqualTo("Rejected");
        assertThat(answer.at("RespBody")).isEmpty();
        assertThat(answer.object("Error", "ErrStatus").asMap())
                .isEqualTo(tree(
                        "metadata",
                        tree(),
                        "status",
                        "Failure",
                        "message",
                        "services \"web\" not found",
                        "reason",
                        "NotFound",
                        "details",
                        tree("name", "web", "kind", "services"),
                        "code",
                        404));
    }

    @Test
    void listAnswersWithAListOfTheKind() {
        side.service("web");
        side.create(MetaServerSide.SERVICE, "other", "elsewhere", tree());

        Doc inNamespace = result(side.apply("list", "/core/v1/services/default/null"));
        Doc everywhere = result(side.apply("list", "/core/v1/services/null/null"));
        Doc selected = result(side.apply(application(
                "list", "/core/v1/services/null/null", tree("fieldSelector", "metadata.name=elsewhere"), null)));

        assertThat(inNamespace.text("kind")).isEqualTo("ServiceList");
        assertThat(inNamespace.text("apiVersion")).isEqualTo("v1");
        assertThat(inNamespace.text("metadata", "resourceVersion")).isNotEmpty();
        assertThat(inNamespace.objects("items"))
                .extracting(o -> o.text("kind") + " " + o.text("metadata", "name"))
                .containsExactly("Service web");
        assertThat(everywhere.objects("items")).hasSize(2);
        assertThat(selected.objects("items")).hasSize(1);
    }

    @Test
    void createMakesTheObject() {
        Map<String, Object> body = tree("metadata", tree("name", "web"), "spec", tree("type", "ClusterIP"));

        Doc answer = side.apply(application("create", "/core/v1/services/default/null", tree(), body));

        assertThat(new KubeObject(result(answer)).uid()).isEqualTo(stored().uid());
        assertThat(refusal(side.apply(application("create", "/core/v1/services/default/null", tree(), body))))
                .isEqualTo("Rejected AlreadyExists");
    }

    @Test
    void dryRunMakesNothing() {
        Map<String, Object> body = tree("metadata", tree("name", "web"));

        Doc answer = side.apply(
                application("create", "/core/v1/services/default/null", tree("dryRun", List.of("All")), body));

        assertThat(answer.text("Status")).isEqualTo("Approved");
        assertThatThrownBy(this::stored).isInstanceOf(KubeException.class);
    }

    @Test
    void updateReplacesAndMindsTheVersion() {
        KubeObject old = side.service("web");
        KubeObject next = old.with("NodePort", "spec", "type");

        side.apply(application("update", WEB, tree(), next));
        Doc late = side.apply(application("update", WEB, tree(), old.with("x", "spec", "type")));

        assertThat(stored().spec().text("type")).isEqualTo("NodePort");
        assertThat(refusal(late)).isEqualTo("Rejected Conflict");
    }

    @Test
    void updateOfTheStatusChangesNothingElse() {
        KubeObject web = side.service("web");

        Doc answer = side.apply(application(
                "updatestatus", WEB, tree(), web.with("x", "spec", "type").with("192.0.2.1", "status", "address")));

        assertThat(answer.text("Status")).isEqualTo("Approved");
        assertThat(stored().status().text("address")).isEqualTo("192.0.2.1");
        assertThat(stored().spec().text("type")).isEqualTo("ClusterIP");
    }

    @Test
    void patchTakesKubeEdgesPatchInfo() {
        side.service("web");
        Map<String, Object> info = tree(
                "Name",
                "web",
                "PatchType",
                "application/merge-patch+json",
                "Data",
                bytes(tree("spec", tree("type", "NodePort"))),
                "Options",
                tree(),
                "Subresources",
                List.of(""));

        Doc answer = side.apply(application("patch", WEB, info, null));

        assertThat(result(answer).text("spec", "type")).isEqualTo("NodePort");
        assertThat(stored().spec().text("type")).isEqualTo("NodePort");
    }

    @Test
    void deleteDeletesAndAnswersWithNothing() {
        side.service("web");

        Doc answer = side.apply("delete", WEB);

        assertThat(answer.text("Status")).isEqualTo("Approved");
        assertThat(answer.at("RespBody")).isEmpty();
        assertThatThrownBy(this::stored).isInstanceOf(KubeException.class);
    }

    @Test
    void deleteOfAnotherObjectOfTheSameNameIsRefused() {
        side.service("web");

        Doc answer = side.apply(application("delete", WEB, tree("preconditions", tree("uid", "another")), null));

        assertThat(refusal(answer)).isEqualTo("Rejected Conflict");
        assertThat(stored().name()).isEqualTo("web");
    }

    // What was allowed for the key must not be done to something else.
    @Test
    void bodyOfAnotherObjectThanTheKeysIsRefused() {
        KubeObject web = side.service("web");

        assertThat(refusal(side.apply(application("update", WEB, tree(), web.with("other", "metadata", "name")))))
                .isEqualTo("Rejected BadRequest");
        assertThat(refusal(side.apply(application("update", WEB, tree(), web.with("other", "metadata", "namespace")))))
                .isEqualTo("Rejected BadRequest");
        assertThat(refusal(side.apply(application("patch", WEB, tree("Name", "other"), null))))
                .isEqualTo("Rejected BadRequest");
    }

    @Test
    void versionAndHealthArePassedThrough() {
        assertThat(result(side.apply("get", "/version")).text("gitVersion")).startsWith("v1.31.");
        for (String path : List.of("/healthz", "/livez", "/readyz")) {
            assertThat(text(side.apply("get", path))).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "core/v1/services", "/core/v1/services/default/web/status/more"})
    void keyThatIsNoneIsRefused(String key) {
        assertThat(refusal(side.apply("get", key))).isEqualTo("Rejected BadRequest");
    }

    @Test
    void unknownKindIsNotFound() {
        assertThat(refusal(side.apply("list", "/apps/v1/unicorns/null/null"))).isEqualTo("Rejected NotFound");
    }

    @Test
    void unknownVerbIsRefused() {
        assertThat(refusal(side.apply("fly", WEB))).isEqualTo("Rejected BadRequest");
    }

    @Test
    void whatIsNoApplicationIsAnsweredToo() {
        Message request = side.send(MetaServerSide.NODE, "null", "text");

        assertThat(refusal(side.answer(request))).isEqualTo("Rejected BadRequest");
    }

    @Test
    void objectBeyondTheLimitIsRefused() {
        Map<String, Object> body =
                tree("metadata", tree("name", "web"), "data", "x".repeat(Application.MOST_BODY_BYTES));

        Doc answer = side.apply(application("create", "/core/v1/services/default/null", tree(), body));

        assertThat(refusal(answer)).isEqualTo("Rejected RequestEntityTooLarge");
    }

    // Beyond it the link would not take the message, and the node would wait in vain.
    @Test
    void resultBeyondTheLimitIsRefused() {
        for (int i = 0; i < 9; i++) {
            side.create(MetaServerSide.SERVICE, "default", "s" + i, tree("data", "x".repeat(2 << 20)));
        }

        assertThat(refusal(side.apply("list", "/core/v1/services/null/null")))
                .isEqualTo("Rejected RequestEntityTooLarge");
    }

    @Test
    void nodeWithTooMuchInHandIsRefusedAtOnce() {
        Map<String, Object> get = application("get", WEB, tree(), null);
        for (int i = 0; i < Applications.MOST_IN_HAND; i++) {
            side.send(MetaServerSide.NODE, "null", get);
        }

        Message more = side.send(MetaServerSide.NODE, "null", get);

        assertThat(refusal(side.answer(more))).isEqualTo("Rejected TooManyRequests");
        Message other = side.send("edge-2", "null", get);
        side.context.runWork();
        assertThat(refusal(side.answer(other))).isEqualTo("Rejected NotFound");
    }

    @Test
    void answerTheHubHasNoRoomForIsSentLater() {
        side.service("web");
        side.context.deliverAs(Delivery.REFUSED);
        side.send(MetaServerSide.NODE, "null", application("get", WEB, tree(), null));
        side.context.runWork();
        side.context.clear();

        side.context.deliverAs(Delivery.ACCEPTED);
        side.context.advance(Duration.ofMillis(100));

        assertThat(side.context.sentTo("cloudhub")).hasSize(1);
    }

    @Test
    void switchedOffEveryRequestIsRefusedWithTheKeyThatSwitchesItOn() {
        MetaServerSide off = MetaServerSide.with(
                new DynamicSettings(false, MetaServerSide.DEFAULTS.reads(), MetaServerSide.DEFAULTS.writes(), true, 3));

        Doc answer = off.apply("get", "/version");
        Doc failed = off.sync(Map.of("a1", application("watch", WEB, tree(), null)));

        assertThat(refusal(answer)).isEqualTo("Rejected ServiceUnavailable");
        assertThat(answer.text("Error", "ErrStatus", "message")).contains("dynamic.enabled of io.skep.edgecontroller");
        assertThat(refusal(failed.object("a1"))).isEqualTo("Rejected ServiceUnavailable");
    }

    @Test
    void nodeCannotSpeakForAnother() {
        side.pod("mine", "edge-1");
        side.pod("other", "edge-2");
        Map<String, Object> list = application("list", "/core/v1/pods/null/null", tree(), null);
        list.put("Nodename", "edge-2");

        Doc answer = side.apply(list);

        assertThat(answer.text("Nodename")).isEqualTo("edge-1");
        assertThat(result(answer).objects("items"))
                .extracting(o -> o.text("metadata", "name"))
                .containsExactly("mine");
    }

    @Test
    void requestInHandIsAnsweredWhenTheModuleStops() {
        Message request = side.send(MetaServerSide.NODE, "null", application("get", WEB, tree(), null));

        side.module.stop();

        assertThat(refusal(side.answer(request))).isEqualTo("Rejected ServiceUnavailable");
    }
}
