package io.skep.edged.internal.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.edged.internal.link.Json;
import io.skep.runtime.api.Resources;
import org.junit.jupiter.api.Test;

class PodResourcesTest {

    private static Pod pod(String spec) {
        return Pod.of(Json.object("{\"metadata\":{\"name\":\"p\",\"uid\":\"u-1\"},\"spec\":{" + spec + "}}"));
    }

    private static String container(String name, String more) {
        return "{\"name\":\"" + name + "\"," + more + "}";
    }

    private static String asks(String cpu) {
        return "\"resources\":{\"requests\":{\"cpu\":\"" + cpu + "\"}}";
    }

    private static String limited(String cpu, String memory) {
        return "\"resources\":{\"limits\":{\"cpu\":\"" + cpu + "\",\"memory\":\"" + memory + "\"}}";
    }

    @Test
    void containersAreAddedUp() {
        Pod pod = pod("\"containers\":[" + container("a", limited("1", "64Mi")) + ","
                + container("b", limited("1", "64Mi")) + "]");

        assertThat(PodResources.of(pod)).isEqualTo(new Resources(2000, 2048, 128 << 20, 0));
        assertThat(SandboxSpec.cgroup(pod)).isEqualTo("podu-1");
    }

    @Test
    void oneContainerWithoutALimitLeavesThePodWithoutOne() {
        Pod pod = pod(
                "\"containers\":[" + container("a", limited("1", "64Mi")) + "," + container("b", asks("500m")) + "]");

        assertThat(PodResources.of(pod)).isEqualTo(new Resources(0, 1536, 0, 0));
        assertThat(SandboxSpec.cgroup(pod)).isEqualTo("burstable/podu-1");
    }

    @Test
    void podThatAsksForNothingWeighsTheLeast() {
        Pod pod = pod("\"containers\":[{\"name\":\"a\"}]");

        assertThat(PodResources.of(pod)).isEqualTo(new Resources(0, 2, 0, 0));
        assertThat(SandboxSpec.cgroup(pod)).isEqualTo("besteffort/podu-1");
    }

    @Test
    void whatTheSandboxCostsComesToWhatIsLimitedAndToWhatIsAskedFor() {
        String overhead = "\"overhead\":{\"cpu\":\"250m\",\"memory\":\"64Mi\"},";
        Pod limited = pod(overhead + "\"containers\":[" + container("a", limited("1", "64Mi")) + "]");
        Pod free = pod(overhead + "\"containers\":[" + container("a", asks("500m")) + "]");

        assertThat(PodResources.of(limited)).isEqualTo(new Resources(1250, 1280, 128 << 20, 0));
        assertThat(PodResources.of(free)).isEqualTo(new Resources(0, 768, 0, 0));
        assertThat(PodResources.request(free, "memory")).isEqualTo(64 << 20);
    }

    // An init container never runs beside the app, a sidecar always does.
    @Test
    void initContainersCountOneByOneBesideTheSidecarsBeforeThem() {
        String side = container("s", "\"restartPolicy\":\"Always\"," + asks("100m"));
        String app = "\"containers\":[" + container("a", asks("200m")) + "]";

        assertThat(PodResources.request(
                        pod("\"initContainers\":[" + side + "," + container("i", asks("1")) + "]," + app), "cpu"))
                .isEqualTo(1100);
        assertThat(PodResources.request(
                        pod("\"initContainers\":[" + container("i", asks("250m")) + "," + side + "]," + app), "cpu"))
                .isEqualTo(300);
    }
}
