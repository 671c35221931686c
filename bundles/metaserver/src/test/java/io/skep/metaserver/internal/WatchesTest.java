package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchesTest {

    private final Node node = new Node().started();

    private void keep(String name, String uid, Map<String, String> labels) {
        node.keep("default/pod/" + name, Node.pod(name, uid, labels));
    }

    private String version() {
        return node.store().list(Kinds.POD, "", ListOptions.ALL).resourceVersion();
    }

    private void assertRefused(String since, String reason) {
        assertThatThrownBy(() -> node.watch(Kinds.POD, ListOptions.ALL.since(since)))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void watchBeginsWithWhatIsThereAndGoesOnWithWhatTheCloudAndTheNodeDo() {
        keep("a", "1", Map.of());

        RecordingWatcher watcher = node.watch(Kinds.POD, ListOptions.ALL.since("0"));
        keep("b", "2", Map.of());
        node.state("default/podpatch/b", Node.phase("2", "Running"));
        node.forget("default/pod/a");

        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
        assertThat(watcher.nextLine()).isEqualTo("ADDED b");
        assertThat(watcher.next().object().status().text("phase")).isEqualTo("Running");
        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void watchFromAListSeesOnlyWhatCameAfter() {
        keep("old", "1", Map.of());
        String version = version();
        keep("new", "2", Map.of());

        RecordingWatcher watcher = node.watch(Kinds.POD, ListOptions.ALL.since(version));

        assertThat(watcher.nextLine()).isEqualTo("ADDED new");
        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void whatChangesNothingIsNoEvent() {
        keep("a", "1", Map.of());
        RecordingWatcher watcher = node.watch(Kinds.POD, ListOptions.ALL.since(version()));

        keep("a", "1", Map.of());
        node.state("default/podpatch/a", Node.phase("1", "Pending"));

        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void objectComesAndGoesWithItsLabel() {
        RecordingWatcher watcher = node.watch(Kinds.POD, ListOptions.ALL.withLabels(Selector.equalTo("app", "x")));

        keep("a", "1", Map.of("app", "y"));
        keep("a", "1", Map.of("app", "x"));
        keep("a", "1", Map.of("app", "z"));

        assertThat(watcher.nextLine()).isEqualTo("ADDED a");
        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void successorOfTheSameNameIsAnotherObject() {
        keep("a", "1", Map.of());
        RecordingWatcher watcher = node.watch(Kinds.POD, ListOptions.ALL.since(version()));

        keep("a", "2", Map.of());

        assertThat(watcher.nextLine()).isEqualTo("DELETED a");
        assertThat(watcher.next().object().uid()).isEqualTo("2");
    }

    @Test
    void versionThatHistoryDoesNotReachIsExpired() {
        String before = version();
        for (int i = 0; i <= Watches.REMEMBERED; i++) {
            keep("a" + i, "" + i, Map.of());
        }

        assertRefused(before, Status.EXPIRED);
        assertRefused("7", Status.EXPIRED); // an object's, given by the cloud
        assertRefused("x", Status.BAD_REQUEST);
    }

    // It may have missed what happened between the two lives.
    @Test
    void versionOfAFormerLifeIsExpired() {
        keep("a", "1", Map.of());
        String before = version();
        node.module.stop();
        node.context.advance(Duration.ofSeconds(1));

        node.started();

        assertRefused(before, Status.EXPIRED);
    }

    @Test
    void watchThatWasGivenBackHearsNothing() {
        RecordingWatcher watcher = new RecordingWatcher();
        ResourceStore.Watch watch = node.store().watch(Kinds.POD, Node.NS, ListOptions.ALL, watcher);
        watch.close();

        keep("a", "1", Map.of());

        assertThat(watcher.isQuiet()).isTrue();
    }

    @Test
    void watchesEndWithTheModule() {
        RecordingWatcher watcher = node.watch(Kinds.POD, ListOptions.ALL);

        node.module.stop();

        assertThat(watcher.end().reason()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    }
}
