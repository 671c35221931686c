package io.skep.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeAffinityTest {

    private static final Map<String, String> LABELS = Map.of("kubernetes.io/os", "linux");

    private static Doc selector(String key, String value) {
        return Doc.of(Map.of("nodeSelector", Map.of(key, value)));
    }

    private static Doc required(Object... terms) {
        return Doc.of(Map.of(
                "affinity",
                Map.of(
                        "nodeAffinity",
                        Map.of(
                                "requiredDuringSchedulingIgnoredDuringExecution",
                                Map.of("nodeSelectorTerms", List.of(terms))))));
    }

    private static Map<String, Object> expression(String key, String operator, String... values) {
        return Map.of("matchExpressions", List.of(Map.of("key", key, "operator", operator, "values", List.of(values))));
    }

    private static boolean matches(Doc spec) {
        return NodeAffinity.matches(spec, "n", LABELS);
    }

    private static boolean mayMatch(Doc spec) {
        return NodeAffinity.mayMatch(spec, "n", LABELS);
    }

    @Test
    void whatIsSelectedMustBeThere() {
        assertThat(matches(selector("kubernetes.io/os", "linux"))).isTrue();
        assertThat(matches(selector("kubernetes.io/os", "windows"))).isFalse();
        assertThat(matches(selector("disk", "fast"))).isFalse();
    }

    @Test
    void oneTermIsEnoughAndAnEmptyOneIsNone() {
        assertThat(matches(required(
                        expression("kubernetes.io/os", "In", "windows"), expression("kubernetes.io/os", "Exists"))))
                .isTrue();
        assertThat(matches(required(Map.of()))).isFalse();
    }

    @Test
    void nameIsAField() {
        Map<String, Object> other = Map.of(
                "matchFields", List.of(Map.of("key", "metadata.name", "operator", "In", "values", List.of("m"))));

        assertThat(matches(required(other))).isFalse();
        assertThat(mayMatch(required(other))).isFalse();
    }

    @Test
    void onlyKnownLabelsCanKeepAPodOut() {
        assertThat(mayMatch(selector("disk", "fast"))).isTrue();
        assertThat(mayMatch(required(expression("disk", "DoesNotExist")))).isTrue();
        assertThat(mayMatch(selector("kubernetes.io/os", "windows"))).isFalse();
        assertThat(mayMatch(required(expression("kubernetes.io/os", "NotIn", "linux"))))
                .isFalse();
        assertThat(mayMatch(required(Map.of()))).isFalse();
    }
}
