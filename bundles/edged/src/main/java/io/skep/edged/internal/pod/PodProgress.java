package io.skep.edged.internal.pod;

import io.skep.runtime.api.ContainerStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far a pod's worker is: what it has under way, what of that failed and when, and what is at hand for the next step.
 * Belongs to the module's thread.
 */
final class PodProgress {

    private static final String CONTAINER = "container/";
    private static final String STOP = "stop/";
    private static final String KILL = "kill/";
    private static final String NO_RUNTIME = "RuntimeNotFound";

    private final Map<String, Trouble> troubles = new HashMap<>();
    private final Map<String, String> images = new HashMap<>();
    private final Set<String> busy = new HashSet<>();
    private final Map<String, Left.Stopping> stops = new HashMap<>();
    private final Set<String> forgiven = new HashSet<>();
    private final Map<String, Left.Starting> starting = new HashMap<>();

    /** Goes on from what a predecessor left; its stops come by {@link #resume}. */
    PodProgress(Left left) {
        troubles.putAll(left.troubles());
        images.putAll(left.images());
        forgiven.addAll(left.forgiven());
    }

    /** Goes on with a stop of a container that a predecessor began. */
    void resume(String containerId, Left.Stopping stop, Instant now) {
        busy.add((stop.asked() || stop.deadline().isAfter(now) ? STOP : KILL) + containerId);
        stops.put(containerId, stop);
    }

    /** For a successor. */
    void leave(Left.Writer left) {
        left.busy(busy.stream().filter(PodProgress::touchesThePod).collect(Collectors.toSet()))
                .forgiven(forgiven)
                .images(images)
                .troubles(troubles)
                .starting(starting)
                .stopping(stops);
    }

    /** Takes up an action; false when it is under way already, as one that is done at once never is. */
    boolean begin(Action action) {
        boolean fresh = action instanceof Action.HurryStop || busy.add(action.key());
        if (fresh && action instanceof Action.StartContainer start) {
            starting.put(start.container().name(), new Left.Starting(start.attempt(), start.nextBackoff()));
        }
        return fresh;
    }

    /** The action of this key is no longer under way. */
    void end(String key) {
        busy.remove(key);
        if (key.startsWith(CONTAINER)) {
            starting.remove(key.substring(CONTAINER.length()));
        } else if (key.startsWith(STOP) || key.startsWith(KILL)) {
            stops.keySet().retainAll(stopping());
        }
    }

    void failed(String subject, Trouble.Kind kind, String reason, String message, Instant now) {
        Trouble before = troubles.get(subject);
        int failures = before != null && before.kind() == kind ? before.failures() + 1 : 1;
        troubles.put(subject, new Trouble(kind, reason, message, failures, now));
    }

    /** What concerns the pod as a whole goes well. */
    void well() {
        troubles.remove(Trouble.POD);
    }

    void imageReady(String container, String reference) {
        images.put(container, reference);
        troubles.remove(container);
    }

    void started(String container) {
        troubles.remove(container);
        forgiven.remove(container);
        images.remove(container);
    }

    /** These died while nobody watched: their next start owes no back-off. */
    void forgive(Set<String> containers) {
        forgiven.addAll(containers);
    }

    /** What failed for the runtime's sake need not wait any longer. */
    void runtimeBack() {
        troubles.values().removeIf(Trouble::ofTheRuntime);
    }

    /** A ConfigMap, Secret or token that is there now may end it. */
    void sourceCame() {
        troubles.values().removeIf(t -> t.kind() == Trouble.Kind.CONFIG || t.kind() == Trouble.Kind.VOLUMES);
    }

    /** There is no runtime for the pod; true when that, or why, is news. */
    boolean noRuntime(String message, Instant now) {
        Trouble before = troubles.put(Trouble.POD, new Trouble(Trouble.Kind.SANDBOX, NO_RUNTIME, message, 1, now));
        return before == null || !before.message().equals(message);
    }

    void runtimeFound() {
        Trouble trouble = troubles.get(Trouble.POD);
        if (trouble != null && trouble.reason().equals(NO_RUNTIME)) {
            well();
        }
    }

    /** A container is being stopped. A kill that follows a stop does not change when that was over. */
    void stopping(String containerId, Left.Stopping stop) {
        stops.putIfAbsent(containerId, stop);
    }

    /** A stop under way is over sooner. */
    void hurried(String containerId, Instant deadline) {
        stops.computeIfPresent(containerId, (id, stop) -> stop.until(deadline));
    }

    /** A container was asked to end; its end is seen, not answered. */
    void asked(String containerId) {
        stops.computeIfPresent(containerId, (id, stop) -> stop.havingAsked());
    }

    /** Lets go of the stops whose containers have ended. */
    void seen(List<ContainerStatus> living) {
        List<String> over = stops.keySet().stream()
                .filter(id -> stops.get(id).asked() && living.stream().noneMatch(c -> c.id().equals(id)))
                .toList();
        over.forEach(id -> end(STOP + id));
    }

    private Set<String> stopping() {
        return busy.stream()
                .filter(key -> key.startsWith(STOP) || key.startsWith(KILL))
                .map(key -> key.substring(STOP.length()))
                .collect(Collectors.toSet());
    }

    /** The stop of a container that is under way, or owed. */
    Optional<Left.Stopping> stop(String containerId) {
        return Optional.ofNullable(stops.get(containerId));
    }

    /** When the containers that are being stopped are killed, by id. */
    Map<String, Instant> deadlines() {
        return stops.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, stop -> stop.getValue().deadline()));
    }

    /** Whether anything under way may change what the runtime has of the pod. */
    boolean touchesThePod() {
        return busy.stream().anyMatch(PodProgress::touchesThePod);
    }

    private static boolean touchesThePod(String key) {
        return key.equals("sandbox") || key.startsWith("stop-sandbox/") || key.startsWith(CONTAINER);
    }

    Map<String, Trouble> troubles() {
        return troubles;
    }

    /** References of the images at hand, by container. */
    Map<String, String> images() {
        return images;
    }

    /** Keys of what is under way. */
    Set<String> busy() {
        return busy;
    }

    Set<String> forgiven() {
        return forgiven;
    }
}
