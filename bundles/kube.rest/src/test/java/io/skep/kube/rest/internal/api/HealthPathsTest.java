package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What probes and monitors ask. */
class HealthPathsTest {

    private static final Map<String, List<String>> VERBOSE = Map.of("verbose", List.of(""));

    private final HealthPaths ready = health(false);
    private final HealthPaths waiting = health(true);

    private static HealthPaths health(boolean empty) {
        return new HealthPaths(new Catalog() {
            @Override
            public List<Served> all() {
                return Catalog.of(empty ? List.of() : List.of(new InMemoryResourceStore(Kinds.ALL)));
            }

            @Override
            public boolean isEmpty() {
                return empty;
            }
        });
    }

    private static String told(HealthPaths health, String path, Map<String, List<String>> query) {
        Answer answer = health.answer(path, new Query(query)).orElseThrow();
        return answer.code() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void eachPathSaysOkAndInDetailWhenAsked() {
        assertThat(told(ready, "/readyz", Map.of())).isEqualTo("200 ok");
        assertThat(told(ready, "/readyz", VERBOSE)).isEqualTo("200 [+]ping ok\n[+]store ok\nreadyz check passed\n");
        assertThat(told(waiting, "/livez", VERBOSE)).isEqualTo("200 [+]ping ok\nlivez check passed\n");
        assertThat(told(waiting, "/healthz", Map.of())).isEqualTo("200 ok");
    }

    // Anybody may ask, so the reason is for those who show who they are.
    @Test
    void failureNamesTheCheckButNotTheReason() {
        assertThat(told(waiting, "/readyz", Map.of()))
                .isEqualTo("500 [+]ping ok\n[-]store failed: reason withheld\nreadyz check failed\n");
        assertThat(told(waiting, "/readyz/store", Map.of()))
                .isEqualTo("500 internal server error: no store is present\n");
        assertThat(HealthPaths.isOpen("/readyz")).isTrue();
        assertThat(HealthPaths.isOpen("/readyz/store")).isFalse();
    }

    @Test
    void checkCanBeAskedAloneAndBeLeftOut() {
        assertThat(told(ready, "/livez/ping", Map.of())).isEqualTo("200 ok");
        assertThat(told(ready, "/livez/store", Map.of())).startsWith("404 ");
        assertThat(told(waiting, "/readyz", Map.of("exclude", List.of("store", "etcd"), "verbose", List.of(""))))
                .isEqualTo(
                        "200 [+]ping ok\n[+]store excluded: ok\n"
                                + "warn: some health checks cannot be excluded: no matches for \"etcd\"\nreadyz check passed\n");
        assertThat(ready.answer("/readyzz", new Query(Map.of()))).isEmpty();
    }
}
