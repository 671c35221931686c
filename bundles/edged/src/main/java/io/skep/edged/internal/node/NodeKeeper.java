package io.skep.edged.internal.node;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Meta;
import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.pressure.Reading;
import io.skep.edged.internal.pressure.Signal;
import io.skep.kube.api.Doc;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks for the node: registers it, reports its status when it changes and now and then anyway, keeps its lease. When
 * the link comes back all three go out at once. Belongs to the module's thread; measuring is work.
 */
public final class NodeKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);
    private static final Duration REGISTER_AGAIN = Duration.ofSeconds(2);

    /** The periods of {@code io.skep.edged}. */
    public record Periods(Duration status, Duration report, Duration lease) {}

    private record Measured(List<String> addresses, Machine.Load load, Map<Signal, Reading> readings) {}

    private final ModuleContext context;
    private final Meta meta;
    private final Identity identity;
    private final Machine machine;
    private final Periods periods;
    private final Allotment allotment;
    private final Supplier<RuntimeState> runtime;
    private final Gauge gauge;
    private final Pressures pressures;
    private final Runnable after;
    private final LeaseKeeper lease;
    private final List<Timer> timers = new ArrayList<>();
    private Machine.Facts facts;
    private Measured measured;
    private Doc status = Doc.EMPTY;
    private Instant reported = Instant.MIN;
    private String uid = "";
    private boolean linked;
    private boolean registering;

    /** @param after what else is to be done each status period, one timer being enough for all */
    public NodeKeeper(
            ModuleContext context,
            Meta meta,
            Identity identity,
            Machine machine,
            Periods periods,
            Allotment allotment,
            Gauge gauge,
            Pressures pressures,
            Supplier<RuntimeState> runtime,
            Runnable after) {
        this.context = context;
        this.meta = meta;
        this.identity = identity;
        this.machine = machine;
        this.periods = periods;
        this.allotment = allotment;
        this.gauge = gauge;
        this.pressures = pressures;
        this.runtime = runtime;
        this.after = after;
        this.lease = new LeaseKeeper(context, meta, identity.name(), periods.lease());
    }

    public void start() {
        facts = machine.facts();
        // Where images lie only a runtime tells, and that may take long: not here.
        take(new Measured(addresses(), machine.load(), Map.of()));
        measure();
        timers.add(context.every(periods.status(), this::measure));
        timers.add(context.every(lease.period(), () -> {
            if (linked) {
                lease.renew(uid);
            }
        }));
    }

    public void stop() {
        timers.forEach(Timer::cancel);
        timers.clear();
    }

    /** The link is there: the cloud hears of the node at once. */
    public void linkUp() {
        linked = true;
        lease.forget();
        if (!uid.isEmpty()) {
            lease.renew(uid);
            report();
        }
        register();
    }

    public void linkDown() {
        linked = false;
    }

    /** A runtime came, went or changed: the status may have. */
    public void runtimeChanged() {
        take(measured);
    }

    /** What pods may know of the node. */
    public HostFacts hostFacts() {
        Machine.Load load = measured.load();
        return new HostFacts(
                identity.name(),
                measured.addresses().get(0),
                allotment.cpuMillis(facts),
                allotment.memoryBytes(load),
                allotment.diskBytes(load),
                load.memoryBytes(),
                NodeDocs.labels(identity, facts));
    }

    /** The uid the cloud gave it, {@code ""} before it is registered. */
    public String uid() {
        return uid;
    }

    /** The status as it was last made. */
    public Doc status() {
        return status;
    }

    private List<String> addresses() {
        return identity.ip().isEmpty() ? machine.addresses() : List.of(identity.ip());
    }

    private void measure() {
        context.work("node/measure", this::look, (now, error) -> {
            if (error == null) {
                take(now);
            } else {
                LOG.warn("node not measured: reason={}", error.getMessage());
            }
            after.run();
        });
    }

    private Measured look() {
        Machine.Load load = machine.load();
        return new Measured(addresses(), load, gauge.read(load));
    }

    private void take(Measured now) {
        measured = now;
        pressures.observe(now.readings(), context.clock().instant());
        Doc fresh = NodeDocs.status(view(), status, context.clock().instant());
        boolean changed = !NodeDocs.essence(fresh).equals(NodeDocs.essence(status));
        boolean due = due(context.clock().instant());
        status = fresh;
        if (!uid.isEmpty() && (changed || due)) {
            report();
        }
    }

    private boolean due(Instant now) {
        return reported.equals(Instant.MIN) || now.isBefore(reported) || !now.isBefore(reported.plus(periods.report()));
    }

    private NodeDocs.View view() {
        RuntimeState state = runtime.get();
        return new NodeDocs.View(
                identity,
                measured.addresses(),
                facts,
                measured.load(),
                state.version(),
                state.trouble(),
                pressures.conditions(),
                allotment);
    }

    private void report() {
        reported = context.clock().instant();
        status = NodeDocs.status(view(), status, reported);
        if (!meta.patch("default/nodepatch/" + identity.name(), NodeDocs.patch(status))) {
            reported = Instant.MIN;
        }
    }

    private void register() {
        if (registering) {
            return;
        }
        registering = true;
        meta.call(
                Operation.INSERT,
                resource(),
                NodeDocs.node(view(), status),
                answer -> registered(answer.doc()),
                failure -> {
                    if (failure.reason() == Reason.ALREADY_EXISTS) {
                        meta.query(resource(), Content.EMPTY, answer -> known(answer.doc()), this::failed);
                    } else {
                        failed(failure);
                    }
                });
    }

    private void known(Optional<Doc> node) {
        node.ifPresent(doc -> {
            Map<String, String> has = doc.textMap("metadata", "labels");
            boolean complete = NodeDocs.labels(identity, facts).entrySet().stream()
                    .allMatch(e -> e.getValue().equals(has.get(e.getKey())));
            if (!complete) {
                Map<String, Object> labels = new LinkedHashMap<>(has);
                labels.putAll(NodeDocs.labels(identity, facts));
                meta.send(Operation.UPDATE, resource(), doc.with(labels, "metadata", "labels"));
            }
        });
        registered(node);
    }

    private void registered(Optional<Doc> node) {
        registering = false;
        String now = node.map(doc -> doc.text("metadata", "uid")).orElse("");
        if (now.isEmpty()) {
            failed(new EdgeException(Reason.INTERNAL_ERROR, "the cloud named no uid"));
            return;
        }
        if (!now.equals(uid)) {
            uid = now;
            LOG.info("node registered: node={} uid={}", identity.name(), uid);
            lease.forget();
            lease.renew(uid);
            report();
            after.run();
        }
    }

    private void failed(EdgeException failure) {
        registering = false;
        LOG.debug("node not registered: node={} reason={}", identity.name(), failure.getMessage());
        if (linked) {
            context.after(REGISTER_AGAIN, () -> {
                if (linked) {
                    register();
                }
            });
        }
    }

    private String resource() {
        return "default/node/" + identity.name();
    }
}
