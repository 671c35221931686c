package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.Execution;
import io.skep.runtime.cri.internal.wire.Cri;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Commands run inside containers. Thread-safe. */
final class Commands {

    private static final Duration SLACK = Duration.ofSeconds(5);

    /** Beyond this an engine's answer is not taken anyway. */
    private static final int MOST_OUTPUT = 16 << 20;

    private final Calls calls;

    Commands(Calls calls) {
        this.calls = calls;
    }

    ExecResult run(String containerId, List<String> command, Duration timeout) throws ContainerException {
        requireCommand(containerId, command);
        Cri.ExecSyncResponse answer = calls.runtime(
                "run a command in container " + containerId,
                timeout.plus(SLACK),
                Code.FAILED,
                stub -> stub.execSync(Cri.ExecSyncRequest.newBuilder()
                        .setContainerId(containerId)
                        .addAllCmd(command)
                        .setTimeout(Math.max(1, timeout.plusMillis(999).toSeconds()))
                        .build()));
        return new ExecResult(
                answer.getExitCode(),
                cut(answer.getStdout().toStringUtf8()),
                cut(answer.getStderr().toStringUtf8()));
    }

    /** The engine serves it itself: kubelet, and so we, only carry the bytes. */
    Execution begin(String containerId, ExecRequest request) throws ContainerException {
        requireCommand(containerId, request.command());
        requireRunning(containerId);
        String url = calls.runtime(
                        "run a command in container " + containerId,
                        stub -> stub.exec(Cri.ExecRequest.newBuilder()
                                .setContainerId(containerId)
                                .addAllCmd(request.command())
                                .setTty(request.tty())
                                .setStdin(request.stdin())
                                .setStdout(request.stdout())
                                .setStderr(request.stderr())
                                .build()))
                .getUrl();
        try {
            return new Execution.Served(URI.create(url));
        } catch (IllegalArgumentException e) {
            throw new ContainerException(Code.FAILED, "the engine serves at no address: " + url, e);
        }
    }

    private static void requireCommand(String containerId, List<String> command) throws ContainerException {
        if (command.isEmpty()) {
            throw new ContainerException(Code.INVALID, "no command to run in container " + containerId);
        }
    }

    /** CRI-O gives an address for a command in any container, there or not. */
    private void requireRunning(String containerId) throws ContainerException {
        Cri.ContainerStatus status = calls.container(containerId)
                .orElseThrow(() -> new ContainerException(Code.NOT_FOUND, "there is no container " + containerId));
        if (status.getState() != Cri.ContainerState.CONTAINER_RUNNING) {
            throw new ContainerException(Code.FAILED, "container " + containerId + " is not running");
        }
    }

    private static String cut(String output) {
        return output.length() > MOST_OUTPUT ? output.substring(0, MOST_OUTPUT) : output;
    }
}
