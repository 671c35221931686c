package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked as somebody else, and what one may do oneself. */
class ImpersonationTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String SELF = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final String RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    private static final String NAMESPACE = "{\"spec\":{\"namespace\":\"default\"}}";

    @TempDir
    Path folder;

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(folder, new InMemoryResourceStore(Kinds.ALL));
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    private HttpResponse<String> as(HttpRequest.Builder request, String user, String... groups) throws Exception {
        request.header("Impersonate-User", user);
        for (String group : groups) {
            request.header("Impersonate-Group", group);
        }
        return api.send(request);
    }

    private HttpRequest.Builder post(String path, String body) {
        return api.request(path).setHeader("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    @Test
    void masterWhoAsksAsSomebodyElseMayWhatTheyMay() throws Exception {
        HttpResponse<String> refused = as(api.request(PODS), "bob");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("User \\\"bob\\\" cannot list resource \\\"pods\\\"");
        assertThat(as(api.request(PODS), "bob", "system:masters").statusCode()).isEqualTo(200);
    }

    @Test
    void somebodyElseHasTheGroupsThatWereAskedForOrFollowFromTheName() throws Exception {
        assertThat(as(post(SELF, "{}"), "bob", "dev").body())
                .contains("\"username\":\"bob\",\"groups\":[\"dev\",\"system:authenticated\"]");
        assertThat(as(post(SELF, "{}"), "system:serviceaccount:default:builder").body())
                .contains("[\"system:serviceaccounts\",\"system:serviceaccounts:default\",\"system:authenticated\"]");
    }

    @Test
    void nobodyElseMayAskAsAnother() throws Exception {
        HttpResponse<String> refused =
                api.send(HttpRequest.newBuilder(api.uri("/version")).header("Impersonate-User", "kubernetes-admin"));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("cannot impersonate resource \\\"users\\\" in API group");
        assertThat(api.send(api.request(PODS).header("Impersonate-Group", "x")).statusCode())
                .isEqualTo(500);
    }

    @Test
    void everybodyIsToldWhatTheyMay() throws Exception {
        assertThat(api.send(post(RULES, NAMESPACE)).body())
                .contains("\"resources\":[\"*\"]")
                .contains("\"incomplete\":false");
        assertThat(as(post(RULES, NAMESPACE), "bob").body())
                .contains("selfsubjectaccessreviews")
                .doesNotContain("\"resources\":[\"*\"]");
        assertThat(api.send(post(RULES, "{}")).body()).contains("no namespace on request");
    }
}
