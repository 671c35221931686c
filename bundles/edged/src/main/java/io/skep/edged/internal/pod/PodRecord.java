package io.skep.edged.internal.pod;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What edged remembers of one pod: it lies in the store, so that a restart of the process, or of the machine, changes
 * neither restart counts nor back-off, sends no status twice and forgets no order to delete. Belongs to the module's
 * thread; {@link Records} writes it.
 */
final class PodRecord {

    /** The failure of a pod that ended, or was not begun, because the node was short. */
    static final String EVICTED = "Evicted";

    private static final String NODE_LOW = "The node was low on resource: ";
    private static final String REJECTED = "Pod was rejected: ";

    private final String uid;
    private final String namespace;
    private final String name;
    private final Map<String, ContainerRecord> containers = new LinkedHashMap<>();
    private String runtime = "";
    private String handler = "";
    private Optional<Instant> startTime = Optional.empty();
    private String failure = "";
    private String failureMessage = "";
    private boolean terminal;
    private boolean removed;
    private boolean initialized;
    private int sandboxAttempt = -1;
    private long graceSeconds = 30;
    private boolean fromFile;
    private Doc status = Doc.EMPTY;
    private String sentTo = "";
    private boolean dirty;
    private boolean forgotten;

    PodRecord(String uid, String namespace, String name) {
        this.uid = uid;
        this.namespace = namespace;
        this.name = name;
    }

    String uid() {
        return uid;
    }

    String namespace() {
        return namespace;
    }

    String name() {
        return name;
    }

    /** {@code namespace/name}, as operators read it. */
    String key() {
        return namespace + "/" + name;
    }

    /** Name of the runtime the pod was given, {@code ""} before that. */
    String runtime() {
        return runtime;
    }

    /** Handler inside that runtime, {@code ""} for the runtime's own choice. */
    String handler() {
        return handler;
    }

    Optional<Instant> startTime() {
        return startTime;
    }

    /** Why the whole pod failed, as {@code OutOfpods} or {@code DeadlineExceeded}; {@code ""} when it did not. */
    String failure() {
        return failure;
    }

    String failureMessage() {
        return failureMessage;
    }

    /** Whether it ended for the node's sake: not when it took too much of the disk itself, or was not begun. */
    boolean disrupted() {
        return failure.equals(EVICTED) && failureMessage.startsWith(NODE_LOW);
    }

    /** Whether the node did not even take it. */
    boolean rejected() {
        return failureMessage.startsWith(REJECTED);
    }

    /** Whether the pod has Succeeded or Failed: it never runs again. */
    boolean terminal() {
        return terminal;
    }

    /** Whether the cloud explicitly deleted it. */
    boolean removed() {
        return removed;
    }

    /** Whether its init containers are done in the present sandbox. */
    boolean initialized() {
        return initialized;
    }

    int sandboxAttempt() {
        return sandboxAttempt;
    }

    /** How long its containers get to end, once it is deleted. */
    Duration grace() {
        return Duration.ofSeconds(graceSeconds);
    }

    /** The status as it was last sent up. */
    Doc status() {
        return status;
    }

    ContainerRecord container(String container) {
        return containers.getOrDefault(container, ContainerRecord.NEW);
    }

    boolean anyStarted() {
        return containers.values().stream().anyMatch(c -> c.attempt() >= 0);
    }

    void startedAt(Instant now) {
        startTime = Optional.of(now);
        dirty = true;
    }

    void useRuntime(String value, String inside) {
        runtime = value;
        handler = inside;
        dirty = true;
    }

    void fail(String reason, String message) {
        failure = reason;
        failureMessage = message;
        dirty = true;
    }

    /** The node does not take it. */
    void reject(String reason, String why) {
        fail(reason, REJECTED + why);
    }

    void end() {
        dirty |= !terminal;
        terminal = true;
    }

    /** The cloud deleted it. Said again, that leaves it no longer. */
    void remove(long grace) {
        long shorter = removed ? Math.min(grace, graceSeconds) : grace;
        dirty |= !removed || shorter != graceSeconds;
        removed = true;
        graceSeconds = shorter;
    }

    void sandbox(int attempt) {
        sandboxAttempt = attempt;
        initialized = false;
        dirty = true;
    }

    void initialize() {
        dirty |= !initialized;
        initialized = true;
    }

    void container(String container, ContainerRecord value) {
        dirty |= !value.equals(containers.put(container, value));
    }

    /** Whether a file of this node asks for it, not the cloud. */
    boolean isStatic() {
        return fromFile;
    }

    void makeStatic() {
        dirty |= !fromFile;
        fromFile = true;
    }

    /** Uid of the mirror the status was last sent to; {@code ""} for none, and for a pod that needs none. */
    String sentTo() {
        return sentTo;
    }

    void sent(Doc value, String mirror) {
        status = value;
        sentTo = mirror;
        dirty = true;
    }

    /** Wants to be written again. */
    void touch() {
        dirty = true;
    }

    /** Is not to be written any more: the pod is gone. */
    void forget() {
        forgotten = true;
    }

    /** Whether it changed since it was last given to be written. */
    boolean isDirty() {
        return dirty;
    }

    /** Whether it changed since the last call and is to be written. */
    boolean takeDirty() {
        boolean was = dirty && !forgotten;
        dirty = false;
        return was;
    }

    Doc toDoc() {
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("version", 1);
        doc.put("uid", uid);
        doc.put("namespace", namespace);
        doc.put("name", name);
        doc.put("runtime", runtime);
        if (!handler.isEmpty()) {
            doc.put("handler", handler);
        }
        startTime.ifPresent(t -> doc.put("startTime", t.toString()));
        doc.put("failure", failure);
        doc.put("failureMessage", failureMessage);
        doc.put("terminal", terminal);
        doc.put("removed", removed);
        doc.put("initialized", initialized);
        doc.put("sandboxAttempt", sandboxAttempt);
        doc.put("graceSeconds", graceSeconds);
        Map<String, Object> ended = new LinkedHashMap<>();
        containers.forEach((key, value) -> ended.put(key, value.toDoc().asMap()));
        doc.put("containers", ended);
        if (fromFile) {
            doc.put("static", true);
            doc.put("sentTo", sentTo);
        }
        doc.put("status", status.asMap());
        return Doc.of(doc);
    }

    static PodRecord from(Doc doc) {
        PodRecord record = new PodRecord(doc.text("uid"), doc.text("namespace"), doc.text("name"));
        record.runtime = doc.text("runtime");
        record.handler = doc.text("handler");
        record.startTime = Times.parse(doc.text("startTime"));
        record.failure = doc.text("failure");
        record.failureMessage = doc.text("failureMessage");
        record.terminal = doc.flag(false, "terminal");
        record.removed = doc.flag(false, "removed");
        record.initialized = doc.flag(false, "initialized");
        record.sandboxAttempt = (int) doc.number(-1, "sandboxAttempt");
        record.graceSeconds = doc.number(30, "graceSeconds");
        Doc containers = doc.object("containers");
        containers
                .asMap()
                .keySet()
                .forEach(key -> record.containers.put(key, ContainerRecord.from(containers.object(key))));
        record.fromFile = doc.flag(false, "static");
        record.sentTo = doc.text("sentTo");
        record.status = doc.object("status");
        return record;
    }
}
