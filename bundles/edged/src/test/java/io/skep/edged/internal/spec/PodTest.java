package io.skep.edged.internal.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.edged.internal.link.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTest {

    private static Pod pod(String resources) {
        return Pod.of(Json.object("{\"metadata\":{\"name\":\"p\",\"uid\":\"u\"},\"spec\":{\"containers\":"
                + "[{\"name\":\"c\",\"image\":\"i\",\"resources\":" + resources + "}]}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|BestEffort|1000",
                "{\"requests\":{\"memory\":\"256Mi\"}}|Burstable|750",
                "{\"limits\":{\"cpu\":\"1\",\"memory\":\"1Gi\"}}|Guaranteed|-997",
                "{\"requests\":{\"cpu\":\"1\",\"memory\":\"1Gi\"},\"limits\":{\"cpu\":\"2\",\"memory\":\"1Gi\"}}|Burstable|3"
            })
    void qualityOfServiceDecidesWhoIsKilledFirst(String resources, String qos, int score) {
        Pod pod = pod(resources);

        assertThat(pod.qosClass()).isEqualTo(qos);
        assertThat(ContainerLimits.resources(pod, pod.containers().get(0), 1L << 30)
                        .oomScoreAdj())
                .isEqualTo(score);
    }

    @Test
    void cpuBecomesMillisAndShares() {
        Pod pod = pod("{\"requests\":{\"cpu\":\"500m\"},\"limits\":{\"cpu\":\"2\",\"memory\":\"64Mi\"}}");

        var resources = ContainerLimits.resources(pod, pod.containers().get(0), 1L << 30);

        assertThat(resources.cpuMillis()).isEqualTo(2000);
        assertThat(resources.cpuShares()).isEqualTo(512);
        assertThat(resources.memoryBytes()).isEqualTo(64L << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "app, Always",
        "app:latest, Always",
        "app:1, IfNotPresent",
        "r.io:5000/app, Always",
        "a@sha256:1, IfNotPresent"
    })
    void thePullPolicyFollowsTheTag(String image, String policy) {
        ContainerSpec container = new ContainerSpec(Json.object("{\"name\":\"c\",\"image\":\"" + image + "\"}"), false);

        assertThat(container.pullPolicy()).isEqualTo(policy);
    }

    @Test
    void aPortIsFoundByItsName() {
        ContainerSpec container = new ContainerSpec(
                Json.object("{\"name\":\"c\",\"ports\":[{\"name\":\"http\",\"containerPort\":8080}]}"), false);

        assertThat(container.port("http")).contains(8080);
        assertThat(container.port(9)).contains(9);
        assertThat(container.port("none")).isEmpty();
    }

    private static Pod version(String resourceVersion) {
        return Pod.of(Json.object("{\"metadata\":{\"name\":\"p\",\"resourceVersion\":\"" + resourceVersion + "\"}}"));
    }

    // Compared as numbers, as the sides that give them count; what is no number can't be ordered and is taken as it
    // comes.
    // No API server sees a static pod's manifest.
    @Test
    void negativeGraceIsOneSecond() {
        Pod pod = Pod.of(Json.object("{\"spec\":{\"terminationGracePeriodSeconds\":-1}}"));

        assertThat(pod.grace()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anOlderStateIsToldByItsResourceVersion() {
        assertThat(version("9").olderThan(version("10"))).isTrue();
        assertThat(version("10").olderThan(version("10"))).isFalse();
        assertThat(version("18446744073709551614").olderThan(version("18446744073709551615")))
                .isTrue();
        assertThat(version("").olderThan(version("10"))).isFalse();
    }
}
