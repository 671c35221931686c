package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.RootCertificate;
import io.skep.kube.api.Selector;
import io.skep.kube.api.WatchEvent;
import io.skep.kube.api.WriteOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Namespaces come with what belongs to them and go when they are empty. */
class NamespaceLifeTest extends EmbeddedStoreTest {

    @Test
    void namespaceMustExistAndStay() {
        assertStatus(() -> create("none", Map.of("name", "a"), Map.of()), 404, "namespaces \"none\" not found");
        assertStatus(
                () -> store.delete(ObjectKey.of(Kinds.NAMESPACE, "default"), DeleteOptions.NONE),
                403,
                "this namespace may not be deleted");
    }

    @Test
    void deletedNamespaceIsEmptiedAndGoes() {
        RecordingWatcher watcher = new RecordingWatcher();
        store.create(Kinds.NAMESPACE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);
        create("n1", Map.of("name", "a"), Map.of());
        store.watch(Kinds.NAMESPACE, "", ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "n1")), watcher);

        KubeObject marked = store.delete(ObjectKey.of(Kinds.NAMESPACE, "n1"), DeleteOptions.NONE);

        assertThat(marked.status().text("phase")).isEqualTo("Terminating");
        WatchEvent.Type last = watcher.next().type();
        while (last != WatchEvent.Type.DELETED) {
            last = watcher.next().type();
        }
        assertThat(store.list(Kinds.CONFIG_MAP, "n1", ListOptions.ALL).items()).isEmpty();
    }

    @Test
    void namespaceWithAPodWaitsForItsNode() {
        store.create(Kinds.NAMESPACE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);
        RecordingWatcher pods = new RecordingWatcher();
        RecordingWatcher namespaces = new RecordingWatcher();
        store.watch(Kinds.POD, "n1", ListOptions.ALL, pods);
        KubeObject pod = KubeObject.of(Map.of(
                "metadata",
                Map.of("name", "p"),
                "spec",
                Map.of("nodeName", "edge-1", "containers", List.of(Map.of("name", "c", "image", "i")))));
        store.create(Kinds.POD, "n1", pod, WriteOptions.NONE);
        pods.next();
        store.watch(
                Kinds.NAMESPACE, "", ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "n1")), namespaces);

        store.delete(ObjectKey.of(Kinds.NAMESPACE, "n1"), DeleteOptions.NONE);
        assertThat(pods.next().object().deletionTimestamp()).isPresent();
        assertStatus(() -> create("n1", Map.of("name", "late"), Map.of()), 403, "because it is being terminated");
        store.delete(new ObjectKey(Kinds.POD, "n1", "p"), DeleteOptions.NOW);

        WatchEvent.Type last = namespaces.next().type();
        while (last != WatchEvent.Type.DELETED) {
            last = namespaces.next().type();
        }
    }

    @Test
    void eachNamespaceHasTheRootCertificate() {
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(
                Kinds.CONFIG_MAP,
                "",
                ListOptions.ALL.withFields(Selector.equalTo("metadata.name", RootCertificate.CONFIG_MAP)),
                watcher);
        ((EmbeddedResourceStore) store).bindRootCertificate(() -> "first");
        Set<String> having = new HashSet<>();
        for (KubeObject namespace :
                store.list(Kinds.NAMESPACE, "", ListOptions.ALL).items()) {
            having.add(watcher.next().object().namespace());
        }
        assertThat(having).contains(NS, "kube-system");

        store.create(Kinds.NAMESPACE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);
        KubeObject published = watcher.next().object();

        assertThat(published.namespace()).isEqualTo("n1");
        assertThat(published.doc().textMap("data")).isEqualTo(Map.of(RootCertificate.FIELD, "first"));
    }

    @Test
    void rootCertificateThatWasTakenAwayComesBackAndANewOneReplacesIt() {
        RecordingWatcher watcher = new RecordingWatcher();
        ((EmbeddedResourceStore) store).bindRootCertificate(() -> "first");
        store.watch(
                Kinds.CONFIG_MAP,
                NS,
                ListOptions.ALL.withFields(Selector.equalTo("metadata.name", RootCertificate.CONFIG_MAP)),
                watcher);
        watcher.next();

        store.delete(key(Kinds.CONFIG_MAP, RootCertificate.CONFIG_MAP), DeleteOptions.NONE);
        assertThat(watcher.next().type()).isEqualTo(WatchEvent.Type.DELETED);
        assertThat(watcher.next().type()).isEqualTo(WatchEvent.Type.ADDED);
        ((EmbeddedResourceStore) store).bindRootCertificate(() -> "second");

        assertThat(watcher.next().object().doc().textMap("data")).containsEntry(RootCertificate.FIELD, "second");
    }

    @Test
    void newNamespaceGetsItsServiceAccount() {
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.SERVICE_ACCOUNT, "n1", ListOptions.ALL, watcher);

        store.create(Kinds.NAMESPACE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);

        assertThat(watcher.nextLine()).isEqualTo("ADDED default");
    }

    @Test
    void serviceAccountOfANamespaceComesBack() {
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.SERVICE_ACCOUNT, NS, ListOptions.ALL, watcher);
        assertThat(watcher.nextLine()).isEqualTo("ADDED default");

        store.delete(key(Kinds.SERVICE_ACCOUNT, "default"), DeleteOptions.NONE);

        assertThat(watcher.nextLine()).isEqualTo("DELETED default");
        assertThat(watcher.nextLine()).isEqualTo("ADDED default");
    }

    @Test
    void namespaceIsHeldByFinalizersOfOthersThatOnlyItsFinalizeChanges() {
        ObjectKey key = ObjectKey.of(Kinds.NAMESPACE, "n1");
        Map<String, Object> spec = Map.of("finalizers", List.of("x.io/hold"));
        KubeObject made = store.create(
                Kinds.NAMESPACE,
                "",
                KubeObject.of(Map.of("metadata", Map.of("name", "n1"), "spec", spec)),
                WriteOptions.NONE);
        assertThat(made.spec().items("finalizers")).isEqualTo(List.of("x.io/hold", "kubernetes"));
        assertThat(store.update(key, "", made.with(List.of(), "spec", "finalizers"), WriteOptions.NONE)
                        .spec())
                .isEqualTo(made.spec());
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.NAMESPACE, "", ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "n1")), watcher);

        store.delete(key, DeleteOptions.NONE);
        KubeObject held = watcher.next().object();
        while (held.spec().items("finalizers").size() > 1) {
            held = watcher.next().object();
        }
        assertThat(held.spec().items("finalizers")).isEqualTo(List.of("x.io/hold"));
        store.update(key, "finalize", held.with(List.of(), "spec", "finalizers"), WriteOptions.NONE);

        assertThat(watcher.next().type()).isEqualTo(WatchEvent.Type.DELETED);
    }
}
