package io.skep.edged.internal.pod;

import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.store.DocumentStore;
import io.skep.edged.internal.link.Events;
import io.skep.edged.internal.link.Gate;
import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Jobs;
import io.skep.edged.internal.link.Meta;
import io.skep.edged.internal.link.OwnThreads;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.link.References;
import io.skep.edged.internal.manifest.ManifestFolder;
import io.skep.edged.internal.manifest.Mirrors;
import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.runtime.Runtimes;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.SysctlAllowlist;
import io.skep.edged.internal.upkeep.ImagePolicy;
import io.skep.edged.internal.upkeep.Upkeep;
import io.skep.edged.internal.volume.Tokens;
import io.skep.edged.internal.volume.Volumes;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.RuntimeInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The node's pods as the module sees them: what comes in, what can be asked. Belongs to the module's thread. */
public final class Kubelet {

    /**
     * The settings that concern pods.
     *
     * @param data folder of volumes and logs
     * @param maxPods pods beyond are rejected
     * @param sysctls settings of the kernel a pod may have
     * @param relist between listings of a runtime
     * @param manifests folder of static pods, empty for none
     * @param images when unused ones go
     * @param shutdown how pods end before the machine does
     */
    public record Limits(
            Path data,
            int maxPods,
            SysctlAllowlist sysctls,
            Duration relist,
            Optional<Path> manifests,
            ImagePolicy images,
            ShutdownPolicy shutdown) {}

    /** So few that an application that hangs does not cost a thread for each of its pods. */
    private static final int PROBES = 16;

    /** So many that pods that end together, as at a shutdown, have their preStop actions within their grace. */
    private static final int WAITS = OwnThreads.MOST - PROBES;

    private final References references;
    private final Events events;
    private final Pods pods;
    private final Upkeep upkeep;
    private final Runtimes runtimes;
    private final Jobs jobs;

    /** @param jobs does what waits; closed with this */
    public Kubelet(
            ModuleContext context,
            Jobs jobs,
            Meta meta,
            DocumentStore store,
            Runtimes runtimes,
            Check check,
            Supplier<HostFacts> facts,
            String node,
            Supplier<String> nodeUid,
            Limits limits,
            Pressures pressures,
            Gauge gauge,
            Runnable changed) {
        this.runtimes = runtimes;
        this.jobs = jobs;
        references = new References(meta);
        events = new Events(context, meta, node);
        PodHost host = new PodHost(
                context,
                runtimes,
                meta,
                references,
                new Tokens(context, meta),
                new Volumes(limits.data().resolve("pods")),
                check,
                new Gate(jobs, PROBES),
                new Gate(jobs, WAITS),
                events,
                new Mirrors(meta, node, nodeUid),
                new Records(store, context),
                facts,
                limits.data().resolve("logs"),
                changed);
        pods = new Pods(
                host,
                new Admission(facts, limits.maxPods(), pressures, limits.sysctls()),
                limits.relist(),
                new ManifestFolder(limits.manifests(), node),
                limits.shutdown());
        upkeep = new Upkeep(host, pods::all, pressures, gauge, limits.images());
    }

    /** @param handover what a predecessor in this process left; refused by throwing when it is of another version */
    public void start(Handover handover) {
        pods.start(handover);
        upkeep.start();
    }

    /** Timers and probes end; containers stay. Returns what a successor needs to go on with what is under way. */
    public Handover stop() {
        upkeep.stop();
        Handover left = pods.stop();
        jobs.close();
        return left;
    }

    /** A pod is wanted, or wanted differently. */
    public void want(Doc pod) {
        pods.cloud().want(Pod.of(pod));
    }

    /** The cloud deleted a pod: {@code content} is its last state, or only its metadata. */
    public void delete(String namespace, String name, Doc content) {
        pods.cloud().delete(namespace, name, content.text("metadata", "uid"), grace(content));
    }

    /**
     * How long a deleted pod's containers get; empty when the content does not say. A pod that went before this node said
     * that nothing of it runs was deleted with a grace of zero, whatever it was given first and its last state tells. Kubelet
     * goes on with that; here nothing waits for it.
     */
    private static Optional<Duration> grace(Doc content) {
        if (content.has("spec")) {
            return Optional.of(Duration.ZERO);
        }
        return content.has("metadata", "deletionGracePeriodSeconds")
                ? Optional.of(Pod.of(content).grace())
                : Optional.empty();
    }

    public void referenceChanged(Ref ref, Doc object) {
        references.changed(ref, object);
        pods.referenceChanged(ref);
    }

    public void referenceDeleted(Ref ref) {
        references.deleted(ref);
    }

    /** Now and then: looks for what nobody tells. */
    public void tick() {
        upkeep.look();
        pods.tick();
    }

    /** The machine goes down: ends the pods, and then calls {@code done}, which is bounded by the settings. */
    public void shutDown(Runnable done) {
        pods.shutdown().begin(done);
    }

    /** Whether the pods are being ended because the machine goes down. */
    public boolean shuttingDown() {
        return pods.shutdown().begun();
    }

    /** Something has changed that a shutdown may wait for. */
    public void changed() {
        pods.shutdown().look();
    }

    public void linkUp() {
        pods.linkUp();
    }

    /** The pods for {@code edge:pods}. */
    public Object list() {
        return PodView.list(pods);
    }

    /** One pod for {@code edge:pod}. */
    public Optional<Doc> detail(String namespace, String name) {
        return PodView.detail(pods, namespace, name);
    }

    /** Figures for metrics. */
    public PodView.Counts counts() {
        return PodView.counts(pods, upkeep, events.suppressed());
    }

    /** What the default runtime says of itself, or empty when there is none. */
    public Optional<RuntimeInfo> defaultRuntime() {
        Map<String, RuntimeInfo> infos = pods.runtimes().infos();
        return runtimes.choose("").map(infos::get);
    }
}
