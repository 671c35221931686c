package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one further command in a container's folder.
 *
 * @param plan what the {@code launch} script reads
 * @param outcome what it writes
 * @param steps on a terminal, how to get there
 * @param place on a terminal, where it is
 * @param command first word of the command
 * @param workingFolder where it starts
 */
record ExecFiles(Path plan, Path outcome, Path steps, Path place, String command, String workingFolder) {

    private static final Logger LOG = LoggerFactory.getLogger(ExecFiles.class);

    static ExecFiles of(ContainerFolder folder, long number, String command, String workingFolder) {
        String name = "exec-" + ProcessHandle.current().pid() + "-" + number;
        return new ExecFiles(
                folder.dir().resolve(name),
                folder.dir().resolve(name + ".outcome"),
                folder.dir().resolve(name + ".steps"),
                folder.dir().resolve(name + ".place"),
                command,
                workingFolder);
    }

    /**
     * Looks, once it ended, whether the command was begun.
     *
     * @param killed whether we ended it, maybe before it was
     * @throws ContainerException {@code START_FAILED} or {@code FAILED}
     */
    void check(boolean killed) throws ContainerException {
        String report;
        try {
            report = Files.exists(outcome) ? Files.readString(outcome) : "";
        } catch (IOException e) {
            throw new ContainerException(Code.FAILED, "cannot tell what became of the command: " + e.getMessage(), e);
        }
        if (report.contains("failed")) {
            throw new ContainerException(Code.START_FAILED, LaunchFailure.explain(report, command, workingFolder));
        }
        if (!report.startsWith("begin") && !killed) {
            throw new ContainerException(Code.FAILED, "cannot enter the container");
        }
    }

    void delete() {
        for (Path each : List.of(plan, outcome, steps, place)) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                LOG.debug("file of a command stays: file={} reason={}", each, e.getMessage());
            }
        }
    }
}
