package io.skep.runtime.process.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the one shell of a node that outlives us to keep containers' output within bounds while nobody logs it. It takes
 * the place of an earlier one.
 */
final class Janitor {

    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private final Tools tools;
    private final Layout layout;
    private final ProcFiles proc;

    Janitor(Tools tools, Layout layout, ProcFiles proc) {
        this.tools = tools;
        this.layout = layout;
        this.proc = proc;
    }

    void start(long limitBytes, Duration pause) throws IOException {
        start(limitBytes, pause, ProcessHandle.current().pid());
    }

    /** @param runtime process id of who logs while it lives */
    void start(long limitBytes, Duration pause, long runtime) throws IOException {
        Optional<String> setsid = tools.find("setsid");
        if (setsid.isEmpty()) {
            LOG.warn("output is not bounded while no runtime lives: the program setsid is not here");
            return;
        }
        long began = proc.stat(runtime).map(ProcessStat::startTicks).orElse(0L);
        Commands.quiet(List.of(
                        setsid.get(),
                        "--fork",
                        tools.shell(),
                        layout.bin().resolve("janitor").toString(),
                        layout.containers().toString(),
                        Long.toString(limitBytes / 1024),
                        Long.toString(Math.max(1, pause.toSeconds())),
                        Long.toString(runtime),
                        Long.toString(began)))
                .directory(layout.folder().toFile())
                .start();
    }
}
