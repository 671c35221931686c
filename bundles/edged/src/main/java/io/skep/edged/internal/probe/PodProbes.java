package io.skep.edged.internal.probe;

import io.skep.core.api.module.ModuleContext;
import io.skep.edged.internal.link.Gate;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.ProbeSpec;
import io.skep.edged.internal.spec.ProbeSpec.Kind;
import io.skep.kube.api.Doc;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The probes of one pod's running containers. The startup probe goes first; the others begin when it passed. Belongs to
 * the module's thread.
 */
public final class PodProbes {

    /** Hears what the probes find. */
    public interface Listener {
        /** Something the status shows has changed. */
        void changed();

        /** One try passed, but not as it should. */
        void odd(String container, Kind kind, String message);

        /** One try failed. */
        void unhealthy(String container, Kind kind, String message);

        /** One try could not be made, which changes nothing. */
        void untried(String container, Kind kind, String message);

        /** The container must be restarted. */
        void doomed(String containerId, ContainerSpec container, ProbeSpec probe);
    }

    private static final class Instance {
        String id;
        ContainerSpec spec;
        Check.Target target;
        Instant started;
        boolean up;
        boolean passing;
        boolean over;
        final Map<Kind, ProbeRun> runs = new EnumMap<>(Kind.class);

        void end() {
            runs.values().forEach(ProbeRun::stop);
        }

        /** Whether it is ready goes on being asked until it has ended. */
        void readinessOnly() {
            runs.forEach((kind, run) -> {
                if (kind != Kind.READINESS) {
                    run.stop();
                }
            });
            runs.keySet().removeIf(kind -> kind != Kind.READINESS);
        }
    }

    private final ModuleContext context;
    private final Gate gate;
    private final Check check;
    private final Listener listener;
    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<String, Doc> inherited = new HashMap<>();

    public PodProbes(ModuleContext context, Gate gate, Check check, Listener listener) {
        this.context = context;
        this.gate = gate;
        this.check = check;
        this.listener = listener;
    }

    /** Goes on from what a predecessor's {@link #left} says of instances, once they are watched. */
    public void inherit(Map<String, Doc> left) {
        inherited.putAll(left);
    }

    /** What is known and counted, by container id, for a successor. */
    public Map<String, Doc> left() {
        Map<String, Doc> all = new HashMap<>(inherited);
        instances.values().forEach(instance -> {
            Map<String, Object> runs = new HashMap<>();
            instance.runs.forEach(
                    (kind, run) -> runs.put(kind.name(), run.left().asMap()));
            all.put(
                    instance.id,
                    Doc.of(Map.of(
                            "up", instance.up, "passing", instance.passing, "over", instance.over, "runs", runs)));
        });
        return all;
    }

    /**
     * Takes a running container under probe; harmless when it is already.
     *
     * @param wasUp whether it was known as started before this process began
     * @param wasPassing whether it was known as ready before this process began
     */
    public void watch(Check.Target target, Instant started, boolean wasUp, boolean wasPassing) {
        String name = target.container().name();
        Instance known = instances.get(name);
        if (known != null && known.id.equals(target.containerId())) {
            return;
        }
        forget(name);
        Instance instance = new Instance();
        instance.id = target.containerId();
        instance.spec = target.container();
        instance.target = target;
        instance.started = started;
        instances.put(name, instance);
        Doc left = inherited.remove(instance.id);
        if (left != null) {
            resume(instance, left);
            return;
        }
        Optional<ProbeSpec> startup = instance.spec.probe(Kind.STARTUP);
        instance.passing = instance.spec.probe(Kind.READINESS).isEmpty() || wasPassing;
        if (startup.isEmpty() || wasUp) {
            up(instance, wasPassing);
        } else {
            run(instance, startup.get(), false);
        }
    }

    private void resume(Instance instance, Doc left) {
        instance.up = left.flag(false, "up");
        instance.passing = left.flag(false, "passing");
        instance.over = left.flag(false, "over");
        for (Kind kind : Kind.values()) {
            boolean its = (kind == Kind.STARTUP) != instance.up && (!instance.over || kind == Kind.READINESS);
            instance.spec
                    .probe(kind)
                    .filter(probe -> its)
                    .ifPresent(probe -> run(instance, probe).resume(left.object("runs", kind.name())));
        }
    }

    /** Lets go of a container that ended or is to end. */
    public void forget(String name) {
        Instance gone = instances.remove(name);
        if (gone != null) {
            gone.end();
        }
    }

    /** Ends all tries but those of readiness: the containers are to end. */
    public void readinessOnly() {
        instances.values().forEach(Instance::readinessOnly);
    }

    /** Ends all tries; what was found stays known. */
    public void stop() {
        instances.values().forEach(Instance::end);
    }

    /** Names of the containers whose startup probe, if any, passed. */
    public Set<String> up() {
        return names(true);
    }

    /** Names of the containers whose readiness probe, if any, passes. */
    public Set<String> passing() {
        return names(false);
    }

    private Set<String> names(boolean up) {
        Set<String> names = new HashSet<>();
        instances.forEach((name, instance) -> {
            if (up ? instance.up : instance.passing) {
                names.add(name);
            }
        });
        return names;
    }

    private void up(Instance instance, boolean wasPassing) {
        instance.up = true;
        instance.spec.probe(Kind.LIVENESS).ifPresent(probe -> run(instance, probe, false));
        instance.spec.probe(Kind.READINESS).ifPresent(probe -> run(instance, probe, wasPassing));
    }

    private void run(Instance instance, ProbeSpec probe, boolean good) {
        run(instance, probe).start(instance.started, good);
    }

    private ProbeRun run(Instance instance, ProbeSpec probe) {
        String key = instance.id + "/" + probe.kind();
        ProbeRun run = new ProbeRun(
                context,
                gate,
                key,
                probe,
                check.of(probe.doc(), instance.target, probe.timeout()),
                hear(instance, probe));
        instance.runs.put(probe.kind(), run);
        return run;
    }

    private ProbeRun.Listener hear(Instance instance, ProbeSpec probe) {
        return new ProbeRun.Listener() {
            @Override
            public void good(Kind kind) {
                if (kind == Kind.STARTUP && !instance.up) {
                    instance.end();
                    instance.runs.clear();
                    up(instance, false);
                    listener.changed();
                } else if (kind == Kind.READINESS && !instance.passing) {
                    instance.passing = true;
                    listener.changed();
                }
            }

            @Override
            public void odd(Kind kind, String message) {
                listener.odd(instance.spec.name(), kind, message);
            }

            @Override
            public void failed(Kind kind, String message) {
                listener.unhealthy(instance.spec.name(), kind, message);
            }

            @Override
            public void untried(Kind kind, String message) {
                listener.untried(instance.spec.name(), kind, message);
            }

            @Override
            public void bad(Kind kind, String message) {
                if (kind != Kind.READINESS) {
                    instance.readinessOnly();
                    instance.over = true;
                    listener.doomed(instance.id, instance.spec, probe);
                } else if (instance.passing) {
                    instance.passing = false;
                    listener.changed();
                }
            }
        };
    }
}
