package io.skep.metaserver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.StoreStatus;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.ListOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class MetaServerModuleTest {

    @Test
    void storeIsThereWhileTheModuleRuns() {
        Node node = new Node();
        assertThat(node.offered).isEmpty();

        node.started();
        assertThat(node.offered).isPresent();
        node.module.stop();

        assertThat(node.offered).isEmpty();
        assertThat(node.module.health()).isEqualTo(Health.HEALTHY);
    }

    // EdgeController takes whatever store it finds for the cluster.
    @Test
    void besideItsCloudNothingIsOffered() {
        Node node = new Node();
        node.context.addModule(ModuleNames.EDGE_CONTROLLER);

        node.started();
        node.changed("default/pod/web");

        assertThat(node.offered).isEmpty();
        assertThat(node.module.health().ok()).isFalse();
        assertThat(node.module.health().message()).contains("role edge");
    }

    @Test
    void rowThatCouldNotBeReadIsReadAgain() {
        boolean[] broken = {false};
        Node node = new Node(disk -> new BreakableStore(disk, broken)).started();

        broken[0] = true;
        node.keep("default/pod/web", Node.pod("web", "u1", Map.of()));
        assertThat(node.names(Kinds.POD, ListOptions.ALL)).isEmpty();
        broken[0] = false;
        node.context.advance(Duration.ofSeconds(1));

        assertThat(node.names(Kinds.POD, ListOptions.ALL)).containsExactly("web");
    }

    /** A store whose reads fail while the test says so. */
    private record BreakableStore(DocumentStore disk, boolean[] broken) implements DocumentStore {

        @Override
        public Optional<Document> get(String collection, String key) {
            if (broken[0]) {
                throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "the disk is away");
            }
            return disk.get(collection, key);
        }

        @Override
        public List<Document> list(String collection, String prefix, String after, int limit) {
            return disk.list(collection, prefix, after, limit);
        }

        @Override
        public long count(String collection, String prefix) {
            return disk.count(collection, prefix);
        }

        @Override
        public List<Document> write(List<Change> changes) {
            return disk.write(changes);
        }

        @Override
        public CompletionStage<List<Document>> submit(List<Change> changes) {
            return disk.submit(changes);
        }

        @Override
        public StoreStatus status() {
            return disk.status();
        }
    }
}
