package io.skep.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake keeps the contract, and does what a test tells it. */
class FakePodRuntimeTest extends PodRuntimeContract {

    /** It has none. */
    @Override
    void logOfARemovedContainerGoesWithIt() {}

    /** It has none. */
    @Override
    void logsOfARemovedSandboxGoWithIt() {}

    private final FakePodRuntime runtime = new FakePodRuntime();

    @Override
    protected PodRuntime runtime() {
        return runtime;
    }

    @BeforeEach
    void understandTheContractsCommands() {
        runtime.onStart(config -> {
            List<String> command = config.program().command();
            String last = command.get(command.size() - 1);
            return last.startsWith("exit ") ? OptionalInt.of(Integer.parseInt(last.substring(5))) : OptionalInt.empty();
        });
        runtime.onExec((id, command) -> command.contains("-c")
                ? new ExecResult(3, "out\n", "err\n")
                : new ExecResult(0, String.join(" ", command.subList(1, command.size())) + "\n", ""));
        runtime.onSession((id, request) -> switch (request.command().get(0)) {
            case "/bin/cat" -> FakeSession.cat();
            case "/bin/sleep" -> FakeSession.endless();
            default -> new FakeSession(request, new ExecResult(3, "out\n", "err\n"));
        });
    }

    @Test
    void testEndsAContainer() throws ContainerException {
        String id = running("web");

        runtime.exit(id, 137, "OOMKilled", "");

        assertThat(status(id).state()).isEqualTo(State.EXITED);
        assertThat(status(id).life().reason()).isEqualTo("OOMKilled");
    }

    @Test
    void failureStrikesOnce() throws ContainerException {
        String id = runtime.createContainer(runtime.runPodSandbox(sandbox("web")), container("web", "/bin/sleep", "1"));
        runtime.fail("startContainer", new ContainerException(Code.START_FAILED, "no such command"));

        assertThatThrownBy(() -> runtime.startContainer(id)).hasMessage("no such command");
        runtime.startContainer(id);

        assertThat(status(id).state()).isEqualTo(State.RUNNING);
        assertThat(runtime.calls()).containsSequence(List.of("startContainer web/0", "startContainer web/0"));
    }

    @Test
    void absentImageIsThereOncePulled() throws ContainerException {
        runtime.images().absent("any");
        assertThat(runtime.imageStatus("any")).isEmpty();

        runtime.pullImage("any", Optional.empty());

        assertThat(runtime.imageStatus("any")).isPresent();
    }
}
