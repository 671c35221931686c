package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.volume.Volumes;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.PodRuntime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks at a container in its runtime, last words included. Runs on a worker.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kuberuntime/kuberuntime_container.go}, {@code getTerminationMessage}.
 */
final class Looks {

    private static final int MOST_MESSAGE = 4096;
    private static final int MOST_LOG = 2048;
    private static final int MOST_LINES = 80;

    private Looks() {}

    /** The container as it is now, or empty when the runtime has it no more. */
    static Optional<ContainerStatus> at(PodRuntime runtime, String id, Pod pod, Volumes volumes)
            throws ContainerException {
        Optional<ContainerStatus> status = runtime.containerStatus(id);
        boolean silent = status.filter(c -> c.state() == ContainerStatus.State.EXITED
                        && c.life().message().isEmpty())
                .isPresent();
        return silent ? Optional.of(withMessage(status.get(), pod, volumes)) : status;
    }

    private static ContainerStatus withMessage(ContainerStatus c, Pod pod, Volumes volumes) {
        Life ended = c.life();
        Optional<ContainerSpec> spec = pod.container(c.name());
        String message =
                tail(volumes.terminationPath(pod.uid(), c.name(), c.metadata().attempt()), MOST_MESSAGE);
        if (message.isEmpty()
                && ended.exitCode() != 0
                && spec.filter(ContainerSpec::messageFromLogs).isPresent()) {
            message = lastLines(tail(c.logPath(), 2 * MOST_LOG + MOST_LINES * 64));
        }
        return c.with(
                new Life(ended.state(), ended.started(), ended.finished(), ended.exitCode(), ended.reason(), message));
    }

    /** The text of CRI log lines ({@code time stream tag text}), cut to the last 80 lines and 2 KiB. */
    private static String lastLines(String log) {
        List<String> lines = log.lines().map(Looks::text).toList();
        String text = lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()).stream()
                .collect(Collectors.joining("\n"));
        return text.length() > MOST_LOG ? text.substring(text.length() - MOST_LOG) : text;
    }

    private static String text(String line) {
        String[] parts = line.split(" ", 4);
        return parts.length == 4 ? parts[3] : "";
    }

    private static String tail(Path file, int most) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, open.length() - most);
            byte[] bytes = new byte[(int) (open.length() - start)];
            open.seek(start);
            open.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
