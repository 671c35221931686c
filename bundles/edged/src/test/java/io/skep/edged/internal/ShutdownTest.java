package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.pod.ShutdownPolicy;
import io.skep.kube.api.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine goes down, which edged is told; that its process ends says nothing of the machine. */
class ShutdownTest {

    private static final int CRITICAL = 2_000_001_000;

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void create() {
        edged = new EdgedFixture(data);
    }

    private void push(String name, int priority, String lifecycle) {
        edged.push(
                Operation.INSERT,
                PodDocs.pod(name, "uid-" + name, "{\"name\":\"%s\",\"image\":\"i\"%s}".formatted(name, lifecycle))
                        .with(priority, "spec", "priority")
                        .with(60, "spec", "terminationGracePeriodSeconds"),
                "pod");
    }

    private static String sleepsBeforeItsEnd(int seconds) {
        return ",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":" + seconds + "}}}";
    }

    private void machineGoesDown() {
        edged.tell(Operation.UPDATE, "shutdown", Content.EMPTY);
    }

    private boolean answered() {
        return edged.context.replies().stream()
                .anyMatch(reply -> reply.route().resource().equals("shutdown"));
    }

    private List<String> stops() {
        return edged.runtime.calls().stream()
                .filter(call -> call.startsWith("stopContainer"))
                .toList();
    }

    @Test
    void podsEndTheCriticalOnesLastAndThenItIsAnswered() {
        edged.start();
        push("web", 0, sleepsBeforeItsEnd(4));
        push("dns", CRITICAL, sleepsBeforeItsEnd(3));

        machineGoesDown();
        edged.advance(Duration.ofSeconds(3));
        assertThat(stops()).isEmpty();
        edged.advance(Duration.ofSeconds(1));
        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.runtime.running("dns")).isPresent();
        assertThat(answered()).isFalse();
        edged.advance(Duration.ofSeconds(3));

        assertThat(edged.runtime.running("dns")).isEmpty();
        assertThat(answered()).isTrue();
    }

    /** Of 30 s in all 10 are kept for the critical ones: 20 s and no more, whatever the pod's own grace. */
    @Test
    void noPodGetsMoreThanTheNodeHas() {
        edged.start();
        push("web", 0, "");
        push("dns", CRITICAL, "");

        machineGoesDown();

        assertThat(stops()).hasSize(2).first().asString().endsWith(" 20s");
        assertThat(stops().get(1)).endsWith(" 10s");
    }

    @Test
    void theNodeIsNotReadyAndSaysWhy() {
        edged.start();
        edged.connected(true);
        push("web", 0, sleepsBeforeItsEnd(4));

        machineGoesDown();
        edged.advance(Duration.ofSeconds(1));

        var patches = edged.sent(Operation.PATCH, "default/nodepatch/" + EdgedFixture.NODE);
        Doc last = Json.object(
                (String) Json.read(patches.get(patches.size() - 1).content().json()));
        assertThat(last.objects("status", "conditions"))
                .filteredOn(c -> c.text("type").equals("Ready"))
                .singleElement()
                .satisfies(ready -> {
                    assertThat(ready.text("status")).isEqualTo("False");
                    assertThat(ready.text("message")).isEqualTo("node is shutting down");
                });
    }

    @Test
    void nothingIsBegunOrRestartedWhileTheNodeGoesDown() {
        edged.start();
        push("web", 0, "");
        machineGoesDown();

        push("late", 0, "");
        edged.advance(Duration.ofMinutes(1));

        assertThat(edged.calls("startContainer")).isEqualTo(1);
    }

    /** No controller need make them anew, and no cloud be there. */
    @Test
    void thePodsComeBackWithTheMachine() {
        edged.start();
        push("web", 0, "");
        machineGoesDown();
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.condition("web", "Ready")).isEqualTo("False");
        edged.connected(false);

        edged.restart();
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void theEndOfTheProcessAloneEndsNoPod() {
        edged.start();
        push("web", 0, "");

        edged.module.stop();
        edged.settle();

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(stops()).isEmpty();
    }

    @Test
    void withoutAGraceThePodsAreLeftToTheMachine() {
        edged.shutdown = new ShutdownPolicy(Duration.ZERO, Duration.ZERO);
        edged.start();
        push("web", 0, "");

        machineGoesDown();

        assertThat(answered()).isTrue();
        assertThat(stops()).isEmpty();
        assertThat(edged.sent(Operation.PATCH, "default/nodepatch/" + EdgedFixture.NODE))
                .noneMatch(m -> m.content().json().contains("shutting down"));
    }

    @Test
    void aPodThatDoesNotEndInTimeHoldsTheMachineNoLonger() {
        edged.start();
        push("web", 0, sleepsBeforeItsEnd(60));

        machineGoesDown();
        edged.advance(Duration.ofSeconds(33));

        assertThat(answered()).isTrue();
    }
}
