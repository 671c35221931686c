package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.Commands.Outcome;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.Pods;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.JoinToken;
import io.skep.transport.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The link: it comes back by itself, one node has one, and who must not have one is told why. */
class ReconnectIT {

    private static final Duration SHORT = Duration.ofSeconds(1);

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;

    @BeforeAll
    static void open() {
        system = TestSystem.fresh("reconnect");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "steady");
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @Test
    void linkAndReadinessComeBackEachTimeTheCloudDoes() {
        Path pids = system.folder().resolve("pids");
        cloud.api().createPod("steady", "steady", Pods.notingPid(pids));
        Eventually.seen("pod ready", () -> cloud.api().podReady("steady"), edge::lastLines);

        for (int i = 1; i <= 3; i++) {
            if (i == 2) {
                cloud.kill();
            } else {
                cloud.stop();
            }
            Eventually.seen("link gone", () -> !edge.linked(), edge::readiness);
            assertThat(edge.ready())
                    .as("a node without its cloud is ready: %s", edge.readiness())
                    .isTrue();
            Instant restarted = Instant.now();
            cloud.start("cloud");
            KubeClient api = cloud.api();
            Eventually.seen("link back " + i, edge::linked, edge::readiness);
            Eventually.seen("node Ready " + i, () -> api.nodeReadySince("steady", restarted), edge::lastLines);
            Eventually.seen("pod Ready " + i, () -> api.podReady("steady"), edge::lastLines);
        }

        assertThat(Pods.pids(pids)).as("starts of the pod").hasSize(1);
        assertThat(Pods.alive(pids)).isTrue();
        cloud.api().delete("/api/v1/namespaces/default/pods/steady");
        Eventually.seen("process gone", () -> !Pods.alive(pids), edge::lastLines);
    }

    // Two machines that were given one name would throw each other out for ever: that must hurt nobody else.
    @Test
    void ofTwoNodesOfOneNameTheNewerHasTheLinkAndTheSystemStaysUp() {
        RunningRole older = system.edge("older", cloud, "twin");
        Eventually.seen("older linked", older::linked, older::readiness);
        double steadyReconnects = edge.metric("skep_link_reconnects_total");

        RunningRole newer = system.edge("newer", cloud, "twin");
        Eventually.seen("newer linked", newer::linked, newer::readiness);
        Eventually.seen(
                "older told why", () -> older.log().contains("another connection of node twin"), older::lastLines);
        older.kill();
        Instant alone = Instant.now();

        Eventually.seen("newer keeps the link", newer::linked, newer::readiness);
        Eventually.seen("twin Ready", () -> cloud.api().nodeReadySince("twin", alone), newer::lastLines);
        assertThat(cloud.ready()).as(cloud.readiness()).isTrue();
        assertThat(edge.metric("skep_link_reconnects_total")).isEqualTo(steadyReconnects);
        newer.kill();
    }

    @Test
    void nodeWithAWrongTokenIsToldSo() {
        JoinToken right = JoinToken.parse(cloud.api().token());
        String forged = JoinToken.create(
                        CertificateAuthority.create(Instant.now()),
                        Instant.now().plusSeconds(3600))
                .bearer();
        RunningRole refused = new RunningRole(system, "wrong-token");
        system.join(refused, cloud, "refused", right.authorityHash() + "." + forged, SHORT);

        expectRefusal(refused, "EnrolmentRefused", "401");
    }

    @Test
    void tokenOfAnotherCloudIsRefusedByTheNodeItself() {
        String foreign = JoinToken.create(
                        CertificateAuthority.create(Instant.now()),
                        Instant.now().plusSeconds(3600))
                .text();
        RunningRole refused = new RunningRole(system, "other-cloud");
        system.join(refused, cloud, "refused", foreign, SHORT);

        expectRefusal(refused, "EnrolmentRefused", "join token");
    }

    @Test
    void certificateOfAForeignAuthorityIsRefused() throws IOException {
        RunningRole refused = new RunningRole(system, "foreign-ca");
        system.join(refused, cloud, "foreigner", cloud.api().token(), SHORT);
        Eventually.seen("joined", refused::linked, refused::readiness);
        refused.kill();
        Path certificates = refused.folder().resolve("data/edgehub");
        Instant now = Instant.now();
        CertificateAuthority foreign = CertificateAuthority.create(now);
        KeyPair keys = Der.newKeys();
        String certificate = Pem.encode(foreign.sign(
                CertificateRequest.parse(CertificateRequest.forNode("foreigner", keys)),
                Set.of(CertificateAuthority.Usage.CLIENT),
                now,
                Duration.ofDays(1)));
        Files.writeString(certificates.resolve("node.pem"), certificate + Pem.encode(keys.getPrivate()));
        refused.launch("edge");

        expectRefusal(refused, "CertificateTrouble", "certificate");
    }

    @Test
    void secondInstanceOnTheSameFolderIsRefused() throws IOException {
        long first = edge.process().orElseThrow().pid();
        Path note = edge.folder().resolve("skep.pid");
        String noted = Files.readString(note);
        Files.delete(note);
        Outcome second;
        try {
            second = system.skep(List.of("up", "edge", "--name", "edge", "--timeout", "60"));
        } finally {
            Files.writeString(note, noted);
        }

        assertThat(second.code()).as(second.all()).isEqualTo(1);
        assertThat(second.err()).contains("runs already");
        assertThat(edge.process().map(ProcessHandle::pid)).contains(first);
        assertThat(edge.ready()).as(edge.readiness()).isTrue();
    }

    private static void expectRefusal(RunningRole node, String reason, String text) {
        Eventually.seen("/readyz names the reason", () -> node.readiness().contains(reason), node::readiness);
        assertThat(node.readiness()).contains(text);
        assertThat(node.ready()).isFalse();
        JsonNode link = node.shellJson("edge:link --json").get(0);
        assertThat(link.path("reason").asText()).isEqualTo(reason);
        assertThat(link.path("lastError").asText()).contains(text);
        assertThat(cloud.ready()).isTrue();
        node.kill();
    }
}
