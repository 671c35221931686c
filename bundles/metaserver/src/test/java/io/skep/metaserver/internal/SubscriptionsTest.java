package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Watches of what only the cloud knows. */
class SubscriptionsTest {

    private final Node node = new Node().started();
    private final WatchedCloud cloud = new WatchedCloud(node);

    private static KubeObject event(String name) {
        return Node.object(Kinds.EVENT, Node.NS, name, "uid-" + name);
    }

    private String listed() {
        return node.store().list(Kinds.EVENT, Node.NS, ListOptions.ALL).resourceVersion();
    }

    private RecordingWatcher watch(String since) {
        return node.watch(Kinds.EVENT, ListOptions.ALL.since(since));
    }

    private ResourceStore.Watch open(ListOptions options) {
        return node.store().watch(Kinds.EVENT, Node.NS, options, new RecordingWatcher());
    }

    private void linkBack() {
        node.cloud = cloud;
        node.linkReturns();
        node.context.runWork();
    }

    private static void assertReason(ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void watchTellsWhatIsThereAndWhatTheCloudDoes() {
        cloud.put(event("a"));

        RecordingWatcher watcher = watch("");
        cloud.put(event("b"));
        cloud.put(event("b").with("Pulled", "reason"));
        cloud.delete("a");

        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
        assertThat(watcher.nextLine()).isEqualTo("ADDED b");
        assertThat(watcher.next().object().doc().text("reason")).isEqualTo("Pulled");
        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
        assertThat(watcher.isQuiet()).isTrue();
        assertThat(cloud.watched()).containsExactly("/core/v1/events/default/null");
    }

    @Test
    void watchFromAListTellsWhatHasHappenedSince() {
        cloud.put(event("gone"));
        cloud.put(event("same"));
        cloud.put(event("changed"));
        String version = listed();
        cloud.delete("gone");
        cloud.put(event("changed"));
        cloud.put(event("new"));

        RecordingWatcher watcher = watch(version);

        assertThat(watcher.nextLine()).isEqualTo("MODIFIED changed");
        assertThat(watcher.nextLine()).isEqualTo("ADDED new");
        assertThat(watcher.nextLine()).isEqualTo("DELETED gone");
        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void pagesOfAListAreOneList() {
        cloud.put(event("a"));
        ListOptions second = new ListOptions(Selector.ALL, Selector.ALL, "", 1, "more", false);
        String version = listed();
        node.store().list(Kinds.EVENT, Node.NS, second);

        assertThat(watch(version).isQuiet()).isTrue();
    }

    @Test
    void versionThatNoListHereNamedIsExpired() {
        listed();

        assertReason(() -> watch("3"), Status.EXPIRED);
        assertThat(cloud.watched()).isEmpty();
    }

    // MetaManager keeps rows of a kind that is no longer watched; nobody tells of them any more.
    @Test
    void whatWasLeftOfAFormerWatchIsNotTakenForWhatThereIs() {
        node.keep("default/event/old", event("old"));

        assertThat(watch("").isQuiet()).isTrue();
    }

    @Test
    void whatGoesWhileTheListIsUnderWayDoesNotComeBack() {
        cloud.put(event("a"));
        cloud.beforeNextList(() -> cloud.delete("a"));

        assertThat(watch("").isQuiet()).isTrue();
    }

    // The cloud sends but the last word of an object that came and went: that it is gone.
    @Test
    void whatOnlyAListHadGoesWhenTheCloudSaysSo() {
        RecordingWatcher watcher = watch("");
        cloud.forgetWatches();
        cloud.put(event("a"));
        watch("");

        node.changed("default/event/a");

        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
    }

    @Test
    void secondWatchOfTheSameSharesTheFirst() {
        cloud.put(event("a"));
        RecordingWatcher first = watch("");
        RecordingWatcher second = watch("");

        cloud.put(event("b"));

        assertThat(first.nextLine() + second.nextLine()).isEqualTo("ADDED aADDED a");
        assertThat(first.nextLine() + second.nextLine()).isEqualTo("ADDED bADDED b");
        assertThat(cloud.asked()).filteredOn(asked -> asked.startsWith("watch")).hasSize(1);
    }

    @Test
    void cloudHearsWhenTheLastWatchEnds() {
        ResourceStore.Watch first = open(ListOptions.ALL);
        ResourceStore.Watch second = open(ListOptions.ALL);

        first.close();
        node.context.advance(Subscriptions.TELL_SOON);
        assertThat(cloud.watched()).hasSize(1);
        second.close();
        second.close();
        node.context.advance(Subscriptions.TELL_SOON);

        assertThat(cloud.watched()).isEmpty();
        assertThat(cloud.asked()).filteredOn("sync"::equals).hasSize(1);
    }

    @Test
    void watchRestsWithoutALinkAndCatchesUpWithTheNext() {
        cloud.put(event("gone"));
        RecordingWatcher watcher = watch("");
        watcher.next();
        node.cloud = Cloud.AWAY;
        cloud.forgetWatches();
        cloud.delete("gone");
        cloud.put(event("new"));
        assertThat(watcher.isQuiet()).isTrue();

        linkBack();
        cloud.put(event("newer"));

        assertThat(watcher.nextLine()).isEqualTo("ADDED new");
        assertThat(watcher.nextLine()).isEqualTo("DELETED gone");
        assertThat(watcher.nextLine()).isEqualTo("ADDED newer");
        assertThat(cloud.watched()).hasSize(1);
    }

    @Test
    void withoutALinkWhatIsHereIsWatchedUntilThereIsOne() {
        node.keep("default/event/a", event("a"));
        node.cloud = Cloud.AWAY;

        RecordingWatcher watcher = watch(listed());
        cloud.put(event("b"));
        linkBack();

        assertThat(watcher.nextLine()).isEqualTo("ADDED b");
        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
    }

    @Test
    void withoutALinkAndAnythingHereNothingIsKnown() {
        node.cloud = Cloud.AWAY;

        assertReason(() -> watch(""), Status.SERVICE_UNAVAILABLE);

        linkBack();
        assertThat(cloud.watched()).isEmpty();
    }

    // The node's memory may be short of what the client has seen; to call the rest gone would be a lie.
    @Test
    void withoutALinkNoWatchBeginsFromMoreThanIsHere() {
        cloud.put(event("a"));
        String version = listed();
        node.keep("default/event/b", event("b"));
        node.disk.delete(NodeKinds.COLLECTION, kept(), DocumentStore.ANY);
        node.cloud = Cloud.AWAY;

        assertReason(() -> watch(version), Status.SERVICE_UNAVAILABLE);
    }

    private String kept() {
        return node.disk.list(NodeKinds.COLLECTION, "answer/").get(0).key();
    }

    @Test
    void withoutALinkAWatchBeginsFromWhatTheCloudLastSaid() {
        cloud.put(event("a"));
        String version = listed();
        node.cloud = Cloud.AWAY;
        RecordingWatcher watcher = watch(version);
        assertThat(watcher.isQuiet()).isTrue();

        cloud.delete("a");
        linkBack();

        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
    }

    @Test
    void refusalOfTheCloudIsTheWatchs() {
        cloud.refuse(Status.FORBIDDEN, 403);

        assertReason(() -> watch(""), Status.FORBIDDEN);
        node.context.advance(Subscriptions.TELL_SOON);
        assertThat(cloud.watched()).isEmpty();
    }

    @Test
    void watchThatIsNoLongerAllowedEndsWithTheReason() {
        RecordingWatcher watcher = watch("");

        cloud.refuse(Status.FORBIDDEN, 403);
        linkBack();

        assertThat(watcher.end().reason()).isEqualTo(Status.FORBIDDEN);
    }

    @Test
    void cloudThatIsNotReadyIsToldAgainAndCaughtUpWith() {
        cloud.put(event("gone"));
        RecordingWatcher watcher = watch("");
        watcher.next();
        cloud.refuse(Status.SERVICE_UNAVAILABLE, 503);
        linkBack();
        assertThat(cloud.watched()).isEmpty();
        cloud.delete("gone");

        cloud.refuseNothing();
        node.context.advance(Subscriptions.TELL_AGAIN);
        cloud.put(event("a"));

        assertThat(cloud.watched()).hasSize(1);
        assertThat(watcher.nextLine()).isEqualTo("DELETED gone");
        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
    }

    // Two lists may be answered in another order than they were made.
    @Test
    void whatANewerListLacksAnOlderOneDoesNotBringBack() {
        cloud.put(event("a"));
        RecordingWatcher watcher = watch("");
        cloud.beforeNextList(() -> {
            cloud.forgetWatches();
            cloud.delete("a");
            watch("");
        });
        watch("");

        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void watchesAreBounded() {
        List<ResourceStore.Watch> all = new ArrayList<>();
        for (int i = 0; i < Subscriptions.MOST; i++) {
            all.add(open(ListOptions.ALL.withLabels(Selector.equalTo("app", "a" + i))));
        }

        assertReason(() -> open(ListOptions.ALL), Status.TOO_MANY_REQUESTS);
        all.get(0).close();
        open(ListOptions.ALL);
        node.context.advance(Subscriptions.TELL_SOON);

        assertThat(cloud.watched()).hasSize(Subscriptions.MOST);
    }

    // A node that was killed has not told what ended with it.
    @Test
    void watchesOfAFormerLifeAreEndedByTheNext() {
        open(ListOptions.ALL);
        Node next = new Node();
        next.cloud = cloud;

        next.started();

        assertThat(cloud.watched()).isEmpty();
    }

    @Test
    void watchesEndWithTheModuleAndTheCloudIsTold() {
        RecordingWatcher watcher = watch("");

        node.module.stop();

        assertThat(watcher.end().reason()).isEqualTo(Status.SERVICE_UNAVAILABLE);
        assertThat(node.context.sentTo("websocket")).singleElement().satisfies(message -> {
            assertThat(message.route().resource()).isEqualTo("watchapp/sync");
            assertThat(message.content().json()).isEqualTo("{}");
        });
    }
}
