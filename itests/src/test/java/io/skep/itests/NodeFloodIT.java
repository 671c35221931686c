package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.itests.system.Eventually;
import io.skep.itests.system.HollowNode;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many nodes at once: each enrols, connects with its own certificate, registers and renews its lease. */
class NodeFloodIT {

    /** How many; {@code -Dskep.itests.nodes=800} is what the peer was measured with. */
    private static final int NODES = Integer.getInteger("skep.itests.nodes", 200);

    private static TestSystem system;
    private static RunningRole cloud;

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("flood");
        cloud = system.cloud("cloud");
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @Test
    void everyNodeOfAFloodBecomesReady() throws Exception {
        KubeClient api = cloud.api();
        String token = api.token();
        List<HollowNode> nodes = IntStream.range(0, NODES)
                .mapToObj(i -> new HollowNode("hollow-" + i, cloud))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        ScheduledExecutorService renewals = Executors.newScheduledThreadPool(4);
        nodes.forEach(node -> renewals.scheduleWithFixedDelay(node::renew, 10, 10, TimeUnit.SECONDS));
        try {
            Instant begun = Instant.now();
            List<Future<Boolean>> flood = nodes.stream()
                    .map(node -> threads.submit(() -> node.joinAndRegister(token)))
                    .toList();
            for (Future<Boolean> node : flood) {
                assertThat(node.get()).isTrue();
            }

            Eventually.seen("all Ready", () -> ready(api) == NODES, () -> ready(api) + " are\n" + cloud.lastLines());
            assertThat(api.list("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"))
                    .hasSize(NODES)
                    .allMatch(
                            l -> Instant.parse(l.at("/spec/renewTime").asText()).isAfter(begun.minusSeconds(1)));
            assertThat(nodes).allMatch(HollowNode::connected);
            assertThat(cloud.ready()).as(cloud.readiness()).isTrue();
        } finally {
            renewals.shutdownNow();
            nodes.forEach(HollowNode::close);
            threads.shutdownNow();
        }
    }

    private static long ready(KubeClient api) {
        return api.list("/api/v1/nodes").stream()
                .filter(n -> KubeClient.condition(n, "Ready").equals("True"))
                .count();
    }
}
