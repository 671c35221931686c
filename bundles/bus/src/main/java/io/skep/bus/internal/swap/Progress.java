package io.skep.bus.internal.swap;

import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.operation.SwapOperation.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operation under way. Owned by the thread that does it. */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    private final InstantSource clock;
    private final List<Step> steps = new ArrayList<>();
    private final String id;
    private final Kind kind;
    private final Instant started;
    private String module;
    private String from = "";
    private String to = "";
    private String checksum = "";
    private Duration pause = Duration.ZERO;

    Progress(String id, Kind kind, String module, InstantSource clock) {
        this.id = id;
        this.kind = kind;
        this.module = module;
        this.clock = clock;
        this.started = clock.instant();
    }

    String id() {
        return id;
    }

    String module() {
        return module;
    }

    void step(String name, String detail) {
        steps.add(new Step(name, clock.instant(), detail));
        LOG.debug("operation goes on: id={} module={} step={} detail={}", id, module, name, detail);
    }

    void module(String name) {
        module = name;
    }

    void from(String bundle) {
        from = bundle;
    }

    void to(BundleJar jar) {
        to = jar.label();
        checksum = jar.checksum();
    }

    void checksum(String value) {
        checksum = value;
    }

    void to(String bundle) {
        to = bundle;
    }

    void paused(Duration time) {
        pause = time.truncatedTo(ChronoUnit.MILLIS);
    }

    SwapOperation as(Outcome outcome, String reason) {
        return new SwapOperation(
                id, kind, module, outcome, reason, started, clock.instant(), from, to, checksum, pause, steps);
    }
}
