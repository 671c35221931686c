package io.skep.edged.internal.pod;

import io.skep.core.api.module.Handover;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one edged leaves of a pod to the next in the same process, beyond the {@link PodRecord} in the store: what is under
 * way or counted, but not worth a write each time. {@link #NOTHING} after a start of the process.
 *
 * <p>Instants, not durations, are left: the time of the change of hands counts.
 */
record Left(Doc doc) {

    static final Left NOTHING = new Left(Doc.EMPTY);

    /** Version of the shape. */
    private static final int VERSION = 1;

    /**
     * A start of a container that was under way.
     *
     * @param attempt its number
     * @param nextBackoff the pause after its end
     */
    record Starting(int attempt, Duration nextBackoff) {}

    /**
     * A stop of a container that is under way, or owed.
     *
     * @param deadline when it is killed
     * @param asked whether it was asked to end already; else its preStop action is still to be done
     * @param kind what becomes of it
     * @param message why
     */
    record Stopping(Instant deadline, boolean asked, Action.Stop kind, String message) {

        Stopping until(Instant sooner) {
            return new Stopping(sooner, asked, kind, message);
        }

        Stopping havingAsked() {
            return new Stopping(deadline, true, kind, message);
        }
    }

    /** All pods' part, by uid. */
    static Handover handover(Map<String, Left> pods) {
        Map<String, Object> all = new LinkedHashMap<>();
        pods.forEach((uid, left) -> all.put(uid, left.doc.asMap()));
        return new Handover(VERSION, Json.write(Map.of("pods", all)));
    }

    /**
     * What a predecessor left, by uid.
     *
     * @throws IllegalStateException when it speaks another version
     */
    static Map<String, Left> read(Handover handover) {
        if (handover.isEmpty()) {
            return Map.of();
        }
        if (handover.version() != VERSION) {
            throw new IllegalStateException(
                    "edged knows handover version " + VERSION + ", was left version " + handover.version());
        }
        Doc pods = Json.object(handover.state()).object("pods");
        return pods.asMap().keySet().stream().collect(Collectors.toMap(uid -> uid, uid -> new Left(pods.object(uid))));
    }

    /** Collects what is left of one pod. */
    static final class Writer {
        private final Map<String, Object> tree = new HashMap<>();

        Writer() {
            tree.put("here", true);
        }

        Writer record(PodRecord record) {
            tree.put("record", record.toDoc().asMap());
            return this;
        }

        Writer confirmed(boolean confirmed) {
            tree.put("confirmed", confirmed);
            return this;
        }

        Writer busy(Set<String> keys) {
            tree.put("busy", List.copyOf(keys));
            return this;
        }

        Writer forgiven(Set<String> names) {
            tree.put("forgiven", List.copyOf(names));
            return this;
        }

        Writer images(Map<String, String> references) {
            tree.put("images", Map.copyOf(references));
            return this;
        }

        Writer starting(Map<String, Starting> starts) {
            Map<String, Object> all = new HashMap<>();
            starts.forEach((name, start) -> all.put(
                    name,
                    Map.of(
                            "attempt",
                            start.attempt(),
                            "backoffSeconds",
                            start.nextBackoff().toSeconds())));
            tree.put("starting", all);
            return this;
        }

        Writer troubles(Map<String, Trouble> troubles) {
            List<Object> all = new ArrayList<>();
            troubles.forEach((subject, trouble) -> all.add(Map.of(
                    "subject",
                    subject,
                    "kind",
                    trouble.kind().name(),
                    "reason",
                    trouble.reason(),
                    "message",
                    trouble.message(),
                    "failures",
                    trouble.failures(),
                    "since",
                    trouble.since().toString())));
            tree.put("troubles", all);
            return this;
        }

        Writer stopping(Map<String, Stopping> stops) {
            Map<String, Object> all = new HashMap<>();
            stops.forEach((id, stop) -> all.put(
                    id,
                    Map.of(
                            "deadline",
                            stop.deadline().toString(),
                            "asked",
                            stop.asked(),
                            "kind",
                            stop.kind().name(),
                            "message",
                            stop.message())));
            tree.put("stopping", all);
            return this;
        }

        Writer doomed(Map<String, Action.StopContainer> doomed) {
            Map<String, Object> all = new HashMap<>();
            doomed.forEach((id, stop) -> all.put(
                    id,
                    Map.of(
                            "graceMillis",
                            stop.grace().toMillis(),
                            "kind",
                            stop.kind().name(),
                            "message",
                            stop.message())));
            tree.put("doomed", all);
            return this;
        }

        Writer hooking(Set<String> names) {
            tree.put("hooking", List.copyOf(names));
            return this;
        }

        Writer probes(Map<String, Doc> instances) {
            Map<String, Object> all = new HashMap<>();
            instances.forEach((id, doc) -> all.put(id, doc.asMap()));
            tree.put("probes", all);
            return this;
        }

        Left done() {
            return new Left(Doc.of(tree));
        }
    }

    /** Whether there was no predecessor, or it did not know the pod. */
    boolean isNothing() {
        return doc.isEmpty();
    }

    /** The record, where the store may not have it as it was. */
    Optional<PodRecord> record() {
        return doc.has("record") ? Optional.of(PodRecord.from(doc.object("record"))) : Optional.empty();
    }

    boolean confirmed() {
        return doc.flag(false, "confirmed");
    }

    /** Whether a job of the predecessor may still be at work in the runtime or on the volumes. */
    boolean unfinished() {
        return !doc.texts("busy").isEmpty();
    }

    /** The same, once no such job is at work any more. */
    Left finished() {
        return new Left(doc.with(List.of(), "busy"));
    }

    List<String> forgiven() {
        return doc.texts("forgiven");
    }

    Map<String, String> images() {
        return doc.textMap("images");
    }

    Map<String, Starting> starting() {
        return each(
                "starting",
                s -> new Starting((int) s.number(-1, "attempt"), Duration.ofSeconds(s.number(0, "backoffSeconds"))));
    }

    Map<String, Trouble> troubles() {
        return doc.objects("troubles").stream()
                .collect(Collectors.toMap(
                        t -> t.text("subject"),
                        t -> new Trouble(
                                Trouble.Kind.valueOf(t.text("kind")),
                                t.text("reason"),
                                t.text("message"),
                                (int) t.number(1, "failures"),
                                instant(t, "since"))));
    }

    Map<String, Stopping> stopping() {
        return each(
                "stopping",
                s -> new Stopping(instant(s, "deadline"), s.flag(false, "asked"), kind(s), s.text("message")));
    }

    /** Graces and reasons of containers that were to be stopped, by id. */
    Map<String, Doc> doomed() {
        return each("doomed", d -> d);
    }

    List<String> hooking() {
        return doc.texts("hooking");
    }

    /** What the probes had counted, by container id. */
    Map<String, Doc> probes() {
        return each("probes", d -> d);
    }

    /** What becomes of a container that is being stopped, or has to be. */
    static Action.Stop kind(Doc of) {
        return of.has("kind") ? Action.Stop.valueOf(of.text("kind")) : Action.Stop.ALONE;
    }

    private static Instant instant(Doc of, String key) {
        return Times.parse(of.text(key))
                .orElseThrow(() -> new IllegalStateException("edged was left no instant '" + key + "': " + of));
    }

    private <T> Map<String, T> each(String key, Function<Doc, T> reader) {
        Doc part = doc.object(key);
        return part.asMap().keySet().stream().collect(Collectors.toMap(k -> k, k -> reader.apply(part.object(k))));
    }
}
