package io.skep.kube.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EndpointWatchTest {

    private final AtomicInteger reopened = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-23T05:00:00Z");

    private EndpointWatch watch(String address, int port) {
        return new EndpointWatch(
                new KubeRestSettings(address, port, Set.of(), Path.of("unused"), 8),
                reopened::incrementAndGet,
                () -> now);
    }

    @Test
    void portThatIsTakenIsNamedAndTriedAgainWhenFree() throws Exception {
        EndpointWatch watch;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            watch = watch("127.0.0.1", other.getLocalPort());
            watch.check();
            watch.check();

            assertThat(watch.health().reason()).isEqualTo("PortInUse");
            assertThat(watch.health().message())
                    .contains("port " + other.getLocalPort(), "key port of io.skep.kube.rest");
            assertThat(reopened).hasValue(0);
        }

        watch.check();

        assertThat(reopened).hasValue(1);
    }

    @Test
    void addressOfAnotherMachineIsReported() {
        EndpointWatch watch = watch("192.0.2.77", 6443);

        watch.check();
        watch.check();

        assertThat(watch.health().message()).contains("no interface has address 192.0.2.77");
    }

    @Test
    void listenerThatServesIsLeftAlone() {
        EndpointWatch watch = watch("127.0.0.1", 1);

        watch.serving(true);
        now = now.plus(Duration.ofHours(1));
        watch.check();

        assertThat(watch.health().ok()).isTrue();
        assertThat(reopened).hasValue(0);
    }

    @Test
    void listenerThatNeverComesIsAskedForAgain() {
        EndpointWatch watch = watch("127.0.0.1", 1);

        watch.check();
        now = now.plus(Duration.ofMinutes(1));
        watch.check();

        assertThat(watch.health().reason()).isEqualTo("Starting");
        assertThat(reopened).hasValue(1);
    }
}
