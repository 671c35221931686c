package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.InMemoryResourceStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionCheckTest {

    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(folder, new InMemoryResourceStore());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static void assertMessage(HttpResponse<String> response, int code, String message) {
        assertThat(response.statusCode()).as(message).isEqualTo(code);
        assertThat(TestApi.tree(response)).containsEntry("message", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resourceVersionMatch=Exact"
                        + "|resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
                "resourceVersion=0&resourceVersionMatch=Exact"
                        + "|resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
                "resourceVersion=1&resourceVersionMatch=Newest"
                        + "|resourceVersionMatch: Unsupported value: \"Newest\": supported values: \"Exact\", \"NotOlderThan\", \"\"",
                "resourceVersion=1&resourceVersionMatch=NotOlderThan&continue=a"
                        + "|resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided",
                "sendInitialEvents=true|sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list",
                "watch=1&resourceVersionMatch=NotOlderThan|resourceVersionMatch: Forbidden: resourceVersionMatch is"
                        + " forbidden for watch unless sendInitialEvents is provided",
                "watch=1&sendInitialEvents=true|[resourceVersionMatch: Forbidden: sendInitialEvents requires setting"
                        + " resourceVersionMatch to NotOlderThan, sendInitialEvents: Forbidden: sendInitialEvents is"
                        + " forbidden for watch unless the WatchList feature gate is enabled]",
            })
    void optionsOfAReadMustMakeSense(String query, String cause) throws Exception {
        assertMessage(api.get(CONFIG_MAPS + "?" + query), 422, "ListOptions.meta.k8s.io \"\" is invalid: " + cause);
    }

    @Test
    void stateThatIsNoLongerThereIsNotListed() throws Exception {
        String now = String.valueOf(
                ((java.util.Map<?, ?>) TestApi.tree(api.get(CONFIG_MAPS)).get("metadata")).get("resourceVersion"));

        assertThat(api.get(CONFIG_MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + now)
                        .statusCode())
                .isEqualTo(200);
        assertMessage(
                api.get(CONFIG_MAPS + "?resourceVersionMatch=Exact&resourceVersion=99" + now),
                410,
                "The resourceVersion for the provided list is too old.");
        assertMessage(
                api.get(CONFIG_MAPS + "?resourceVersion=abc"),
                400,
                "resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST||dryRun=Some|CreateOptions|dryRun: Unsupported value: []string{\"Some\"}: supported values: \"All\"",
                "PUT|/a|fieldManager=a%0Ab|UpdateOptions"
                        + "|fieldManager: Invalid value: \"a\\nb\": invalid character U+000A (at position 1)",
                "PATCH|/a|force=true|PatchOptions|force: Forbidden: may not be specified for non-apply patch",
                "PATCH|/a|fieldValidation=Maybe|PatchOptions|fieldValidation: Unsupported value: \"Maybe\": supported"
                        + " values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
                "DELETE|/a|propagationPolicy=Up|DeleteOptions|propagationPolicy: Unsupported value: \"Up\": supported"
                        + " values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"",
            })
    void optionsOfAWriteMustMakeSense(String method, String name, String query, String options, String cause)
            throws Exception {
        String path = CONFIG_MAPS + (name == null ? "" : name) + "?" + query;
        String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
        String body = method.equals("DELETE") ? "" : "{\"metadata\":{\"name\":\"a\"}}";

        assertMessage(api.send(method, path, type, body), 422, options + ".meta.k8s.io \"\" is invalid: " + cause);
    }

    @Test
    void nameOfAManagerIsShort() throws Exception {
        assertMessage(
                api.send("POST", CONFIG_MAPS + "?fieldManager=" + "m".repeat(129), "application/json", "{}"),
                422,
                "CreateOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: must have at most 128 bytes");
    }

    @Test
    void whatHasNoNameIsToldOfWithoutOne() throws Exception {
        HttpResponse<String> refused = api.get(CONFIG_MAPS + "?sendInitialEvents=true");

        assertThat(TestApi.tree(refused).get("details"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .doesNotContainKey("name")
                .containsEntry("kind", "ListOptions");
    }

    @Test
    void fieldThatComesTwiceIsAnErrorWhenStrictAndElseAWarning() throws Exception {
        String twice = "{\"metadata\":{\"name\":\"%s\",\"ownerReferences\":[{},{\"uid\":\"a\",\"uid\":\"b\"}]},"
                + "\"data\":{\"a\":\"1\",\"a\":\"2\"},\"unheard\":1}";

        assertMessage(
                api.send("POST", CONFIG_MAPS + "?fieldValidation=Strict", "application/json", twice.formatted("a")),
                400,
                "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field"
                        + " \"unheard\", duplicate field \"metadata.ownerReferences[1].uid\", duplicate field \"data.a\"");
        HttpResponse<String> warned = api.send("POST", CONFIG_MAPS, "application/json", twice.formatted("a"));

        assertThat(warned.statusCode()).isEqualTo(201);
        assertThat(warned.headers().allValues("Warning"))
                .hasSize(3)
                .contains("299 - \"duplicate field \\\"data.a\\\"\"");
        assertThat(api.send(
                                "PATCH",
                                CONFIG_MAPS + "/a?fieldValidation=Strict",
                                "application/merge-patch+json",
                                "{\"data\":{\"a\":\"3\",\"a\":\"4\"}}")
                        .body())
                .contains("strict decoding error: duplicate field \\\"data.a\\\"");
    }
}
