package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ExecResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a pod with sidecars ends: in order, within one grace. */
class SidecarEndTest {

    @TempDir
    Path data;

    private EdgedFixture edged;
    private final List<String> names = new ArrayList<>();

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    /** A pod with the sidecars one, two and three; {@code appFields} and {@code sideFields} begin with a comma. */
    private static Doc pod(String appFields, String sideFields) {
        List<Object> sidecars = Stream.of("one", "two", "three")
                .map(name -> (Object) Json.object("{\"name\":\"" + name
                                + "\",\"image\":\"i\",\"restartPolicy\":\"Always\"" + sideFields + "}")
                        .asMap())
                .toList();
        return PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"i\"" + appFields + "}")
                .with(sidecars, "spec", "initContainers")
                .with("Never", "spec", "restartPolicy");
    }

    /** The stops in order, with the names of what was stopped. */
    private List<String> stops(Runnable end) {
        List<String> ids = new ArrayList<>();
        for (String name : List.of("one", "two", "three", "web")) {
            names.add(name);
            ids.add(edged.runtime.running(name).orElseThrow().id());
        }
        end.run();
        return edged.runtime.calls().stream()
                .filter(call -> call.startsWith("stopContainer "))
                .map(call -> call.split(" "))
                .map(call -> names.get(ids.indexOf(call[1])) + " " + call[2])
                .toList();
    }

    @Test
    void sidecarsOfAPodThatIsDoneEndLastToFirst() {
        edged.push(Operation.INSERT, pod("", ""), "pod");

        List<String> stops = stops(() -> {
            edged.runtime.exitNamed("web", 0);
            edged.settle();
        });

        assertThat(stops).containsExactly("three 5s", "two 5s", "one 5s");
        assertThat(edged.status("web").text("phase")).isEqualTo("Succeeded");
    }

    @Test
    void allContainersShareOneGrace() {
        assertThat(stopsOfDeleted(3, Duration.ofSeconds(3))).containsExactly("web 5s", "three 5s", "two 5s", "one 5s");
    }

    /** Stops of a pod whose app sleeps first, and which is deleted with a grace of 8 s. */
    private List<String> stopsOfDeleted(int sleepSeconds, Duration until) {
        Doc pod = pod(",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":" + sleepSeconds + "}}}", "");
        edged.push(Operation.INSERT, pod, "pod");
        return stops(() -> {
            edged.push(Operation.UPDATE, PodDocs.deleting(pod, 8), "pod");
            edged.advance(until);
        });
    }

    @Test
    void sidecarsEndWithTheGraceThoughOthersHaveNot() {
        assertThat(stopsOfDeleted(60, Duration.ofSeconds(8)))
                .containsExactlyInAnyOrder("web 2s", "three 2s", "two 2s", "one 2s");
    }

    @Test
    void preStopActionsBeginTogether() {
        String hook = ",\"lifecycle\":{\"preStop\":{\"exec\":{\"command\":[\"bye\"]}}}";
        String pause = ",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":3}}}";
        Doc pod = pod(pause, hook);
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 8), "pod");

        assertThat(edged.runtime.calls()).contains("execSync one bye", "execSync two bye", "execSync three bye");
        assertThat(edged.calls("stopContainer")).isZero();
    }

    @Test
    void aSidecarThatIsToRestartWaitsForNobody() {
        String probe = ",\"livenessProbe\":{\"exec\":{\"command\":[\"h\"]},\"failureThreshold\":1}";
        edged.runtime.onExec((id, command) -> new ExecResult(1, "", ""));

        edged.push(Operation.INSERT, pod("", probe), "pod");
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.status("web").objects("initContainerStatuses"))
                .allMatch(sidecar -> sidecar.number(0, "restartCount") > 0);
        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void aPodThatFailsIsSoOnceItsSidecarsHaveEnded() {
        String hook = ",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":3}}}";
        Doc sidecar = Json.object("{\"name\":\"one\",\"image\":\"i\",\"restartPolicy\":\"Always\"" + hook + "}");
        Doc init = Json.object("{\"name\":\"two\",\"image\":\"i\"}");
        Doc pod = PodDocs.web()
                .with(List.of(sidecar.asMap(), init.asMap()), "spec", "initContainers")
                .with("Never", "spec", "restartPolicy");
        edged.push(Operation.INSERT, pod, "pod");
        edged.runtime.exitNamed("two", 1);
        edged.settle();
        assertThat(edged.status("web").text("phase")).isEqualTo("Pending");

        edged.advance(Duration.ofSeconds(3));

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
    }

    // Only sidecars end in order: what still initializes the pod ends at once, and nobody waits for it.
    @Test
    void anInitContainerEndsTogetherWithTheSidecars() {
        String hook = ",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":3}}}";
        Doc sidecar = Json.object("{\"name\":\"one\",\"image\":\"i\",\"restartPolicy\":\"Always\"}");
        Doc init = Json.object("{\"name\":\"two\",\"image\":\"i\"" + hook + "}");
        Doc pod = PodDocs.web().with(List.of(sidecar.asMap(), init.asMap()), "spec", "initContainers");
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 8), "pod");

        assertThat(edged.runtime.running("one")).isEmpty();
        assertThat(edged.runtime.running("two")).isPresent();
        assertThat(edged.status("web").text("phase")).isEqualTo("Pending");
        edged.advance(Duration.ofSeconds(3));
        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
    }

    @Test
    void aKillWaitsForNobody() {
        Doc pod = pod("", "");
        edged.push(Operation.INSERT, pod, "pod");

        List<String> stops = stops(() -> edged.push(Operation.UPDATE, PodDocs.deleting(pod, 0), "pod"));

        assertThat(stops).containsExactlyInAnyOrder("web 0s", "three 0s", "two 0s", "one 0s");
    }
}
