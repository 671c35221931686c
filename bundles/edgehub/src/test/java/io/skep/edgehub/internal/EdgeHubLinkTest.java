package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The line to the cloud: lost, absent, refused. */
class EdgeHubLinkTest extends HubTest {

    // EdgeCore waits 30 s and more here.
    @Test
    void lostLinkIsOpenedAgainWithinASecond() {
        start();
        links.current.drop("cloud restarted");
        context.runWork();

        context.advance(Duration.ofSeconds(1));

        assertThat(links.dialled).hasSize(2);
        assertThat(context.sentTo("meta")).hasSize(3);
    }

    @Test
    void absentCloudIsTriedForEverAndTheNodeStaysHealthy() {
        links.failure = new EdgeException(Reason.SERVICE_UNAVAILABLE, "nobody answers at cloud:10000");
        start();
        context.advance(Duration.ofMinutes(2));

        assertThat(links.dialled).hasSizeGreaterThan(50);
        assertThat(hub.check().ok()).isTrue();
        assertThat(hub.check().reason()).isEqualTo("Unreachable");

        links.failure = null;
        context.advance(Duration.ofSeconds(2));
        assertThat(hub.check().reason()).isEqualTo("Connected");
    }

    @Test
    void refusedCertificateIsSaidInHealthAndStaysSaidWhileTrying() {
        links.failure = new EdgeException(Reason.UNAUTHORIZED, "certificate trouble with cloud:10000: unknown_ca");
        start();
        context.advance(Duration.ofMinutes(1));

        assertThat(hub.check().ok()).isFalse();
        assertThat(hub.check().reason()).isEqualTo("CertificateTrouble");
        assertThat(links.dialled).hasSizeLessThan(12);
    }

    @Test
    void expiredCertificateWithoutATokenIsNamed() {
        save(Fixture.credentials("edge-1", start.minus(YEAR), Duration.ofDays(1)));
        start();

        assertThat(links.dialled).isEmpty();
        assertThat(hub.health().reason()).isEqualTo("CertificateExpired");
        assertThat(hub.health().message()).contains("join token");
    }

    @Test
    void certificateOfAnotherNodeIsNotUsed() {
        save(Fixture.credentials("edge-10", start.minusSeconds(60), YEAR));
        start();

        assertThat(links.dialled).isEmpty();
        assertThat(hub.health().reason()).isEqualTo("NoToken");
    }

    @Test
    void tokenThatIsNoneDoesNotKeepAJoinedNodeAway() {
        EdgeHubSettings.Cloud cloud = Fixture.settings(folder).cloud().orElseThrow();
        hub = new EdgeHub(Fixture.settings(folder, cloud.https(), cloud.link(), "garbage"), links, store);

        start();

        assertThat(hub.check().reason()).isEqualTo("Connected");
    }
}
