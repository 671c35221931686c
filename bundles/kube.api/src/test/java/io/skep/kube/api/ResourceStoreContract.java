package io.skep.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link ResourceStore} does, whatever it stands on. An adapter's test extends it. */
public abstract class ResourceStoreContract {

    private static final String NS = "default";

    private final List<ResourceStore.Watch> open = new ArrayList<>();

    /** The store under test, with a namespace {@code default} and nothing else of a test's names in it. */
    protected abstract ResourceStore store();

    protected static KubeObject pod(String name, String node, Map<String, String> labels) {
        Doc spec = Doc.of(Map.of("containers", List.of(Map.of("name", "app", "image", "example.org/app:1"))));
        return KubeObject.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", name, "namespace", NS, "labels", labels),
                "spec",
                node.isEmpty() ? spec : spec.with(node, "nodeName")));
    }

    protected static KubeObject configMap(String name, String value) {
        return KubeObject.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", name, "namespace", NS),
                "data",
                Map.of("key", value)));
    }

    protected static ObjectKey key(ResourceKind kind, String name) {
        return new ObjectKey(kind, NS, name);
    }

    private KubeObject create(KubeObject object) {
        ResourceKind kind = Kinds.of(object.apiVersion(), object.kind()).orElseThrow();
        return store().create(kind, NS, object, WriteOptions.NONE);
    }

    private KubeObject update(KubeObject object, String subresource) {
        ResourceKind kind = Kinds.of(object.apiVersion(), object.kind()).orElseThrow();
        return store().update(key(kind, object.name()), subresource, object, WriteOptions.NONE);
    }

    private static void assertReason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void newObjectGetsItsIdentityFromTheStore() {
        KubeObject created = create(configMap("c", "1"));

        assertThat(created.uid()).isNotEmpty();
        assertThat(created.resourceVersion()).isNotEmpty();
        assertThat(created.creationTimestamp()).isPresent();
        assertThat(store().get(key(Kinds.CONFIG_MAP, "c"))).isEqualTo(created);
    }

    @Test
    void secondObjectOfANameIsRefused() {
        create(configMap("c", "1"));

        assertReason(() -> create(configMap("c", "2")), Status.ALREADY_EXISTS);
    }

    @Test
    void absentObjectIsNotFound() {
        assertReason(() -> store().get(key(Kinds.CONFIG_MAP, "none")), Status.NOT_FOUND);
        assertReason(() -> update(configMap("none", "1"), ""), Status.NOT_FOUND);
        assertReason(() -> store().delete(key(Kinds.CONFIG_MAP, "none"), DeleteOptions.NONE), Status.NOT_FOUND);
    }

    @Test
    void writeBuiltOnAnOldVersionIsAConflict() {
        KubeObject first = create(configMap("c", "1"));
        update(first.with("2", "data", "key"), "");

        assertReason(() -> update(first.with("3", "data", "key"), ""), Status.CONFLICT);
        assertThat(store().get(key(Kinds.CONFIG_MAP, "c")).doc().text("data", "key"))
                .isEqualTo("2");
    }

    @Test
    void statusAndSpecAreWrittenApart() {
        KubeObject pod = create(pod("p", "n1", Map.of()));

        KubeObject running =
                update(pod.with("Running", "status", "phase").with("other", "spec", "schedulerName"), "status");
        KubeObject labelled =
                update(running.with("Failed", "status", "phase").with("x", "metadata", "labels", "a"), "");

        assertThat(running.status().text("phase")).isEqualTo("Running");
        assertThat(running.spec().text("schedulerName")).isNotEqualTo("other");
        assertThat(labelled.labels()).containsEntry("a", "x");
        assertThat(labelled.status().text("phase")).isEqualTo("Running");
    }

    @Test
    void mergePatchChangesAndRemovesFields() {
        create(configMap("c", "1"));

        KubeObject patched = store().patch(
                        key(Kinds.CONFIG_MAP, "c"),
                        "",
                        new Patch(PatchType.MERGE, "{\"data\":{\"key\":null,\"other\":\"2\"}}"),
                        WriteOptions.NONE);

        assertThat(patched.doc().textMap("data")).isEqualTo(Map.of("other", "2"));
    }

    @Test
    void strategicMergePatchMergesConditionsByType() {
        create(pod("p", "n1", Map.of()));
        ObjectKey key = key(Kinds.POD, "p");
        String ready = "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}";
        String init = "{\"status\":{\"conditions\":[{\"type\":\"Initialized\",\"status\":\"True\"}]}}";

        for (String body : List.of(ready.formatted("False"), init, ready.formatted("True"))) {
            store().patch(key, "status", new Patch(PatchType.STRATEGIC_MERGE, body), WriteOptions.NONE);
        }

        assertThat(store().get(key).status().objects("conditions"))
                .filteredOn(c -> List.of("Ready", "Initialized").contains(c.text("type")))
                .extracting(c -> c.text("type") + "=" + c.text("status"))
                .containsExactlyInAnyOrder("Ready=True", "Initialized=True");
    }

    @Test
    void listIsOrderedAndSelected() {
        create(pod("b", "n1", Map.of("app", "x")));
        create(pod("a", "n2", Map.of("app", "x")));
        create(pod("c", "n1", Map.of("app", "y")));

        assertThat(names(ListOptions.ALL)).containsSubsequence("a", "b", "c");
        assertThat(names(ListOptions.ALL.withLabels(Selector.equalTo("app", "x"))))
                .containsExactly("a", "b");
        assertThat(names(ListOptions.ALL.withFields(Selector.equalTo("spec.nodeName", "n1"))))
                .containsExactly("b", "c");
    }

    private List<String> names(ListOptions options) {
        return store().list(Kinds.POD, NS, options).items().stream()
                .map(KubeObject::name)
                .toList();
    }

    @Test
    void watchWithoutVersionBeginsWithWhatIsThere() {
        create(pod("p", "n1", Map.of()));

        RecordingWatcher watcher = watch(Kinds.POD, ListOptions.ALL);
        String first = watcher.nextLine();
        create(pod("q", "n1", Map.of()));

        assertThat(first).isEqualTo("ADDED p");
        assertThat(watcher.nextLine()).isEqualTo("ADDED q");
    }

    @Test
    void watchFromAListSeesOnlyWhatCameAfter() {
        create(configMap("old", "1"));
        String version = store().list(Kinds.CONFIG_MAP, NS, ListOptions.ALL).resourceVersion();
        KubeObject created = create(configMap("new", "1"));

        RecordingWatcher watcher = watch(Kinds.CONFIG_MAP, ListOptions.ALL.since(version));
        update(created.with("2", "data", "key"), "");
        store().delete(key(Kinds.CONFIG_MAP, "new"), DeleteOptions.NONE);

        assertThat(List.of(watcher.nextLine(), watcher.nextLine(), watcher.nextLine()))
                .containsExactly("ADDED new", "MODIFIED new", "DELETED new");
    }

    private RecordingWatcher watch(ResourceKind kind, ListOptions options) {
        RecordingWatcher watcher = new RecordingWatcher();
        open.add(store().watch(kind, NS, options, watcher));
        return watcher;
    }

    @AfterEach
    void closeWatches() {
        open.forEach(ResourceStore.Watch::close);
    }

    @Test
    void deletePreconditionOnAnotherUidIsAConflict() {
        create(configMap("c", "1"));

        assertReason(
                () -> store().delete(key(Kinds.CONFIG_MAP, "c"), DeleteOptions.NONE.onlyUid("another")),
                Status.CONFLICT);
    }

    @Test
    void podOnANodeStaysUntilTheNodeConfirms() {
        create(pod("p", "n1", Map.of()));

        KubeObject marked = store().delete(key(Kinds.POD, "p"), grace(7));

        assertThat(marked.deletionTimestamp()).isPresent();
        assertThat(marked.doc().number(0, "metadata", "deletionGracePeriodSeconds"))
                .isEqualTo(7);
        assertThat(store().get(key(Kinds.POD, "p")).deletionTimestamp()).isPresent();

        store().delete(key(Kinds.POD, "p"), DeleteOptions.NOW);

        assertReason(() -> store().get(key(Kinds.POD, "p")), Status.NOT_FOUND);
    }

    @Test
    public void aPodThatIsBeingDeletedCanOnlyBeHurried() {
        create(pod("p", "n1", Map.of()));
        store().delete(key(Kinds.POD, "p"), grace(60));

        store().delete(key(Kinds.POD, "p"), grace(90));
        store().delete(key(Kinds.POD, "p"), grace(7));
        store().delete(key(Kinds.POD, "p"), DeleteOptions.NONE);

        assertThat(store().get(key(Kinds.POD, "p")).doc().number(0, "metadata", "deletionGracePeriodSeconds"))
                .isEqualTo(7);
    }

    private static DeleteOptions grace(long seconds) {
        return new DeleteOptions(OptionalLong.of(seconds), "", "", DeleteOptions.Propagation.BACKGROUND, false);
    }

    @Test
    void podOnNoNodeGoesAtOnce() {
        create(pod("p", "", Map.of()));

        store().delete(key(Kinds.POD, "p"), DeleteOptions.NONE);

        assertReason(() -> store().get(key(Kinds.POD, "p")), Status.NOT_FOUND);
    }

    @Test
    void finalizerHoldsADeletedObjectUntilItIsTakenAway() {
        create(configMap("c", "1").with(List.of("example.org/hold"), "metadata", "finalizers"));

        store().delete(key(Kinds.CONFIG_MAP, "c"), DeleteOptions.NONE);
        KubeObject held = store().get(key(Kinds.CONFIG_MAP, "c"));
        update(held.without("metadata", "finalizers"), "");

        assertThat(held.deletionTimestamp()).isPresent();
        assertReason(() -> store().get(key(Kinds.CONFIG_MAP, "c")), Status.NOT_FOUND);
    }
}
