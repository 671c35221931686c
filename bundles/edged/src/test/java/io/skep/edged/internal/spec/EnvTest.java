package io.skep.edged.internal.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.link.Ref;
import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvTest {

    private static final HostFacts HOST =
            new HostFacts("edge-1", "192.0.2.1", 2000, 1L << 30, 1L << 31, 1L << 30, Map.of());
    private static final Map<Ref, Doc> OBJECTS = Map.of(
            Ref.configMap("default", "c"),
            Json.object("{\"data\":{\"GOOD\":\"1\",\"not good!\":\"2\"}}"),
            Ref.secret("default", "s"),
            Json.object("{\"data\":{\"PW\":\"cGFzcw==\"}}"));

    private static Env env(String fields) throws ConfigException {
        Pod pod = Pod.of(Json.object("""
                {"metadata":{"name":"p","namespace":"default","uid":"u","labels":{"app":"x"}},
                 "spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"250m"}},%s}]}}""".formatted(fields)));
        return Env.of(
                new PodFields(pod, HOST, List.of("10.0.0.5")), pod.containers().get(0), OBJECTS);
    }

    @Test
    void laterVariablesSeeEarlierOnes() throws ConfigException {
        Env env = env("\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"B\",\"value\":\"$(A)$(C)$$(A)\"}]");

        assertThat(env.variables()).containsEntry("B", "1$(C)$(A)");
        assertThat(env.expand(List.of("x=$(A)", "$(NONE)"))).containsExactly("x=1", "$(NONE)");
    }

    @Test
    void sourcesAreTakenWithPrefixAndBadNamesAreSkippedAndTold() throws ConfigException {
        Env env = env(
                "\"envFrom\":[{\"prefix\":\"P_\",\"configMapRef\":{\"name\":\"c\"}},{\"secretRef\":{\"name\":\"s\"}}],"
                        + "\"env\":[{\"name\":\"PW\",\"value\":\"own\"}]");

        assertThat(env.variables())
                .containsEntry("P_GOOD", "1")
                .containsEntry("PW", "own")
                .hasSize(2);
        assertThat(env.skipped()).singleElement().asString().contains("P_not good!");
    }

    @ParameterizedTest
    @CsvSource({
        "metadata.name, p",
        "metadata.uid, u",
        "metadata.labels['app'], x",
        "spec.nodeName, edge-1",
        "spec.serviceAccountName, default",
        "status.podIP, 10.0.0.5",
        "status.hostIP, 192.0.2.1"
    })
    void fieldsOfThePodCanBeRead(String path, String value) throws ConfigException {
        Env env = env("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"" + path + "\"}}}]");

        assertThat(env.variables()).containsEntry("A", value);
    }

    @ParameterizedTest
    @CsvSource({
        "requests.cpu, 1, 1",
        "requests.cpu, 1m, 250",
        "limits.cpu, 1, 2",
        "limits.memory, 1Mi, 1024",
        "limits.ephemeral-storage, 1Gi, 2"
    })
    void resourcesComeInUnitsOfTheDivisorAndFromTheNodeWhereUnset(String resource, String divisor, String value)
            throws ConfigException {
        Env env = env("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"resourceFieldRef\":{\"resource\":\"" + resource
                + "\",\"divisor\":\"" + divisor + "\"}}}]");

        assertThat(env.variables()).containsEntry("A", value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "configMapKeyRef|c|NOPE|couldn't find key NOPE in ConfigMap default/c",
                "secretKeyRef|s|NOPE|couldn't find key NOPE in Secret default/s",
                "configMapKeyRef|none|k|configmap \"none\" not found",
                "secretKeyRef|none|k|secret \"none\" not found"
            })
    void whatIsMissingIsNamedInKubeletsWords(String kind, String name, String key, String message)
            throws ConfigException {
        String from = "\"" + kind + "\":{\"name\":\"" + name + "\",\"key\":\"" + key + "\"";

        assertThatThrownBy(() -> env("\"env\":[{\"name\":\"A\",\"valueFrom\":{" + from + "}}}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
        assertThat(env("\"env\":[{\"name\":\"A\",\"valueFrom\":{" + from + ",\"optional\":true}}}]")
                        .variables())
                .isEmpty();
    }

    @Test
    void aSecretsKeyIsDecoded() throws ConfigException {
        Env env = env("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"PW\"}}}]");

        assertThat(env.variables()).containsEntry("A", "pass");
    }
}
