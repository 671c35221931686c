package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.RecordingWatcher;
import io.skep.kube.api.Selector;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What follows the object that owns it. */
class OwnershipTest extends EmbeddedStoreTest {

    @Test
    void whatAnObjectOwnsFollowsIt() {
        KubeObject owner = create("owner");
        create(NS, Map.of("name", "owned", "ownerReferences", List.of(reference(owner))), Map.of());
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(
                Kinds.CONFIG_MAP, NS, ListOptions.ALL.withFields(Selector.equalTo("metadata.name", "owned")), watcher);

        store.delete(key(Kinds.CONFIG_MAP, "owner"), DeleteOptions.NONE);

        assertThat(List.of(watcher.nextLine(), watcher.nextLine())).containsExactly("ADDED owned", "DELETED owned");
    }

    // As KubeEdge writes it: an object in a namespace, owned by one of the whole cluster.
    @Test
    void leaseFollowsItsNode() {
        KubeObject node = store.create(
                Kinds.NODE, "", KubeObject.of(Map.of("metadata", Map.of("name", "n1"))), WriteOptions.NONE);
        Map<String, Object> owner = Map.of("apiVersion", "v1", "kind", "Node", "name", "n1", "uid", node.uid());
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.LEASE, "", ListOptions.ALL, watcher);

        store.create(
                Kinds.LEASE,
                "kube-node-lease",
                KubeObject.of(Map.of("metadata", Map.of("name", "n1", "ownerReferences", List.of(owner)))),
                WriteOptions.NONE);
        store.delete(ObjectKey.of(Kinds.NODE, "n1"), DeleteOptions.NONE);

        assertThat(List.of(watcher.nextLine(), watcher.nextLine())).containsExactly("ADDED n1", "DELETED n1");
    }

    @Test
    void foregroundOwnerWaitsForWhatItOwns() {
        KubeObject owner = create("owner");
        create(
                NS,
                Map.of(
                        "name",
                        "owned",
                        "finalizers",
                        List.of("example.org/hold"),
                        "ownerReferences",
                        List.of(reference(owner))),
                Map.of());
        RecordingWatcher watcher = new RecordingWatcher();
        store.watch(Kinds.CONFIG_MAP, NS, ListOptions.ALL, watcher);
        DeleteOptions foreground =
                new DeleteOptions(java.util.OptionalLong.empty(), "", "", DeleteOptions.Propagation.FOREGROUND, false);

        store.delete(key(Kinds.CONFIG_MAP, "owner"), foreground);
        KubeObject held = watcher.next().object();
        while (!(held.name().equals("owned") && held.deletionTimestamp().isPresent())) {
            held = watcher.next().object();
        }
        boolean ownerWaited =
                store.get(key(Kinds.CONFIG_MAP, "owner")).deletionTimestamp().isPresent();
        store.update(key(Kinds.CONFIG_MAP, "owned"), "", held.without("metadata", "finalizers"), WriteOptions.NONE);

        assertThat(ownerWaited).isTrue();
        String line = watcher.nextLine();
        while (!line.equals("DELETED owner")) {
            line = watcher.nextLine();
        }
        assertGone(Kinds.CONFIG_MAP, "owned");
    }

    private static Map<String, Object> reference(KubeObject owner) {
        return Map.of("apiVersion", "v1", "kind", "ConfigMap", "name", owner.name(), "uid", owner.uid());
    }
}
