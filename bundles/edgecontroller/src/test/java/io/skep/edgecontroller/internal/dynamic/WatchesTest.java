package io.skep.edgecontroller.internal.dynamic;

import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.application;
import static io.skep.edgecontroller.internal.dynamic.MetaServerSide.refusal;
import static io.skep.kube.api.InMemoryResourceStore.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.Handover;
import io.skep.core.api.observe.Sample;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.WriteOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Watches of nodes: what they are sent, and how they end. */
class WatchesTest {

    private static final String SERVICES = "/core/v1/services/default/null";
    private static final String WEB = "node/edge-1/default/service/web";

    private MetaServerSide side = MetaServerSide.with(MetaServerSide.DEFAULTS);

    private void change(KubeObject object, String type) {
        side.store.update(
                new ObjectKey(MetaServerSide.SERVICE, object.namespace(), object.name()),
                "",
                object.without("metadata", "resourceVersion").with(type, "spec", "type"),
                WriteOptions.NONE);
    }

    private void delete(String name) {
        side.store.delete(new ObjectKey(MetaServerSide.SERVICE, "default", name), DeleteOptions.NONE);
    }

    private double listeners() {
        return side.module.samples().stream()
                .filter(s -> s.name().equals("skep_dynamic_listeners"))
                .mapToDouble(Sample::value)
                .sum();
    }

    @Test
    void whatThereIsIsSentAndThenTheAnswer() {
        KubeObject web = side.service("web");

        Doc answer = side.watch(SERVICES, "");

        assertThat(answer.text("Status")).isEqualTo("Approved");
        assertThat(answer.at("RespBody")).isEmpty();
        List<Message> sent = side.context.sentTo("cloudhub").stream()
                .filter(m -> !m.route().resource().equals("sessions"))
                .toList();
        assertThat(sent).extracting(m -> m.route().operation()).containsExactly("insert", "applicationResponse");
        assertThat(sent.get(0).route().source()).isEqualTo("dynamiccontroller");
        assertThat(sent.get(0).route().group()).isEqualTo("resource");
        assertThat(sent.get(0).header().resourceVersion()).isEqualTo(web.resourceVersion());
        assertThat(sent.get(0).content().json()).contains("\"kind\":\"Service\"", "\"apiVersion\":\"v1\"");
    }

    @Test
    void changesFollowAsTheyHappen() {
        side.watch(SERVICES, "");
        side.pushed();

        KubeObject web = side.service("web");
        assertThat(side.pushed()).containsExactly("insert " + WEB);
        change(web, "NodePort");
        assertThat(side.pushed()).containsExactly("update " + WEB);
        delete("web");
        assertThat(side.pushed()).containsExactly("delete " + WEB);
    }

    @Test
    void objectsOutsideTheSelectionAreNotSent() {
        side.watch(SERVICES, "spec.type=NodePort");
        side.pushed();

        side.create(MetaServerSide.SERVICE, "other", "web", tree("spec", tree("type", "NodePort")));
        KubeObject web = side.service("web");
        assertThat(side.pushed()).isEmpty();

        change(web, "NodePort");
        assertThat(side.pushed()).containsExactly("insert " + WEB);
    }

    // The node tells its watchers that it is gone from what they selected; without the news they would never know.
    @Test
    void objectThatStopsMatchingIsSentOnceMore() {
        KubeObject web = side.service("web");
        side.watch(SERVICES, "spec.type=ClusterIP");
        side.pushed();

        change(web, "NodePort");
        assertThat(side.pushed()).containsExactly("update " + WEB);
        change(web, "LoadBalancer");
        assertThat(side.pushed()).isEmpty();
    }

    @Test
    void objectOfTheWholeClusterHasNoNamespace() {
        side.create(Kinds.NODE, "", "edge-2", tree());

        side.watch("/core/v1/nodes/null/null", "");

        assertThat(side.pushed()).containsExactly("insert node/edge-1/null/node/edge-2");
    }

    @Test
    void watchOfPodsIsNarrowedToTheNodesOwn() {
        side.pod("mine", "edge-1");
        side.pod("other", "edge-2");

        side.watch("/core/v1/pods/null/null", "");

        assertThat(side.pushed()).containsExactly("insert node/edge-1/default/pod/mine");
    }

    @Test
    void syncEndsWatchesTheNodeHasNoMoreAndBeginsNewOnes() {
        side.watch(SERVICES, "");
        Map<String, Object> nodes = application("watch", "/core/v1/nodes/null/null", tree(), null);
        side.pushed();

        Doc failed = side.sync(Map.of((String) nodes.get("ID"), nodes));

        assertThat(failed.isEmpty()).isTrue();
        side.service("web");
        side.create(Kinds.NODE, "", "edge-2", tree());
        assertThat(side.pushed()).containsExactly("insert node/edge-1/null/node/edge-2");
    }

    @Test
    void syncAnswersWithTheWatchesThatFailed() {
        Map<String, Object> good = application("watch", SERVICES, tree(), null);
        Map<String, Object> bad = application("watch", "/core/v1/secrets/null/null", tree(), null);

        Doc failed = side.sync(Map.of((String) good.get("ID"), good, (String) bad.get("ID"), bad));

        assertThat(failed.asMap()).containsOnlyKeys((String) bad.get("ID"));
        assertThat(refusal(failed.object((String) bad.get("ID")))).isEqualTo("Rejected Forbidden");
        assertThat(listeners()).isEqualTo(1);
    }

    @Test
    void syncOfNoneEndsAllOfThatNodeAndOfNoOther() {
        side.watch(SERVICES, "");
        side.connect("edge-2");
        side.send("edge-2", "null", application("watch", SERVICES, tree(), null));
        side.pushed();

        assertThat(side.sync(Map.of()).isEmpty()).isTrue();

        side.service("web");
        assertThat(side.pushed()).containsExactly("insert node/edge-2/default/service/web");
    }

    @Test
    void nodeHasOnlySoManyWatches() {
        for (int i = 0; i < 3; i++) {
            assertThat(side.watch(SERVICES, "metadata.name=w" + i).text("Status"))
                    .isEqualTo("Approved");
        }

        assertThat(refusal(side.watch(SERVICES, "metadata.name=more"))).isEqualTo("Rejected TooManyRequests");
        assertThat(side.watch(SERVICES, "metadata.name=w0").text("Status")).isEqualTo("Approved");
        assertThat(listeners()).isEqualTo(3);
    }

    @Test
    void watchThatWouldBeginWithTooMuchIsRefused() {
        for (int i = 0; i <= KindFeed.MOST_OBJECTS; i++) {
            side.service("s" + i);
        }

        assertThat(refusal(side.watch(SERVICES, ""))).isEqualTo("Rejected RequestEntityTooLarge");
        assertThat(listeners()).isZero();
    }

    @Test
    void watchRestsWhileItsNodeIsAwayAndBeginsAnewWhenItIsBack() {
        side.watch(SERVICES, "");
        side.pushed();
        side.disconnect(MetaServerSide.NODE);

        side.service("web");
        assertThat(side.pushed()).isEmpty();

        side.connect(MetaServerSide.NODE);
        assertThat(side.pushed()).containsExactly("insert " + WEB);
        delete("web");
        assertThat(side.pushed()).containsExactly("delete " + WEB);
    }

    @Test
    void watchOfANodeThatStaysAwayIsForgotten() {
        side.watch(SERVICES, "");
        side.disconnect(MetaServerSide.NODE);

        side.context.advance(Watches.LONGEST_ABSENCE.minusSeconds(1));
        assertThat(listeners()).isEqualTo(1);
        side.context.advance(Duration.ofSeconds(1));
        assertThat(listeners()).isZero();
    }

    @Test
    void watchOfANodeThatCameBackInTimeIsKept() {
        side.watch(SERVICES, "");
        side.disconnect(MetaServerSide.NODE);
        side.context.advance(Duration.ofHours(1));
        side.connect(MetaServerSide.NODE);

        side.context.advance(Watches.LONGEST_ABSENCE);

        assertThat(listeners()).isEqualTo(1);
    }

    @Test
    void watchIsAnsweredWhileTheStoreIsAwayAndTakenBack() {
        side.store.failLists(true);
        Message request = side.send(MetaServerSide.NODE, "null", application("watch", SERVICES, tree(), null));
        side.context.runWork();

        side.context.advance(Duration.ofSeconds(8));

        assertThat(refusal(side.answer(request))).isEqualTo("Rejected ServiceUnavailable");
        assertThat(listeners()).isZero();
    }

    @Test
    void watchWaitsForTheStoreALittle() {
        side.service("web");
        side.store.failLists(true);
        Message request = side.send(MetaServerSide.NODE, "null", application("watch", SERVICES, tree(), null));
        side.context.runWork();

        side.store.failLists(false);
        side.context.advance(Duration.ofSeconds(2));

        assertThat(side.answer(request).text("Status")).isEqualTo("Approved");
        assertThat(side.pushed()).containsExactly("insert " + WEB);
    }

    @Test
    void ofAnObjectTheHubHasNoRoomForOnlyTheLatestIsSent() {
        side.watch(SERVICES, "");
        side.context.clear();
        side.context.deliverAs(Delivery.REFUSED);
        KubeObject web = side.service("web");
        change(web, "NodePort");
        side.context.runWork();
        side.context.clear();

        side.context.deliverAs(Delivery.ACCEPTED);
        side.context.advance(Duration.ofMillis(100));

        assertThat(side.context.sentTo("cloudhub")).singleElement().satisfies(m -> {
            assertThat(m.route().operation()).isEqualTo("insert");
            assertThat(m.content().json()).contains("NodePort");
        });
    }

    @Test
    void successorGoesOnWithTheWatches() {
        side.watch(SERVICES, "");

        side.swap(MetaServerSide.DEFAULTS, List.of(MetaServerSide.NODE));

        side.pushed();
        side.service("web");
        assertThat(side.pushed()).containsExactly("insert " + WEB);
    }

    @Test
    void successorKeepsTheWatchesOfNodesThatAreAway() {
        side.watch(SERVICES, "");
        side.disconnect(MetaServerSide.NODE);

        side.swap(MetaServerSide.DEFAULTS, List.of());
        side.service("web");
        assertThat(side.pushed()).isEmpty();

        side.connect(MetaServerSide.NODE);
        assertThat(side.pushed()).containsExactly("insert " + WEB);
    }

    @Test
    void successorEndsWhatItsSettingsNoLongerAllow() {
        side.watch(SERVICES, "");

        side.swap(new DynamicSettings(true, Set.of("nodes"), Set.of(), true, 3), List.of(MetaServerSide.NODE));

        side.service("web");
        assertThat(side.pushed()).isEmpty();
        assertThat(listeners()).isZero();
    }

    @Test
    void handoverOfAnotherVersionIsRefusedWithAReason() {
        assertThatThrownBy(() -> new DynamicControllerModule(side.store, MetaServerSide.DEFAULTS)
                        .start(side.context, new Handover(9, "{}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was left version 9");
    }
}
