package io.skep.shell.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The upgrade of one node, through its link. Everything is asked for under one id and may be asked again, so that a link
 * that drops costs time only: the operation goes on on the node, and how it ended is asked for when the link is back.
 * Blocks its thread until the node has told the outcome, or for the limit.
 */
final class NodeUpgrade {

    private static final String SHELL = "shell";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int PIECE_BYTES = 1 << 20;

    private final MessageBus bus;
    private final String node;
    private final String module;
    private final RolloutPackage file;
    private final boolean force;
    private final String resource;
    private Message next;
    private String trouble = "";
    private boolean reached;
    private boolean begun;

    NodeUpgrade(MessageBus bus, String node, String module, RolloutPackage file, boolean force) {
        this.bus = bus;
        this.node = node;
        this.module = module;
        this.file = file;
        this.force = force;
        this.resource = "node/" + node + "/operations/" + UUID.randomUUID();
        this.next = offer();
    }

    /** Does it. */
    NodeResult run(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Optional<NodeResult> result = Optional.empty();
        while (result.isEmpty() && System.nanoTime() - end < 0) {
            result = step();
        }
        return result.orElseGet(() -> NodeResult.failed(
                node,
                "no outcome within " + limit.toSeconds() + " s" + trouble
                        + (begun ? "; the operation goes on: see cloud:module-operations " + node : "")));
    }

    /** Asks once; the result if that is known now. */
    private Optional<NodeResult> step() throws InterruptedException {
        Doc answer;
        try {
            answer = ask(next);
        } catch (EdgeException e) {
            boolean passing = e.reason() == Reason.SERVICE_UNAVAILABLE || e.reason() == Reason.TIMEOUT;
            if (!passing || !reached) {
                return Optional.of(NodeResult.failed(node, e.getMessage()));
            }
            trouble = "; last: " + e.getMessage();
            Thread.sleep(PAUSE.toMillis());
            next = begun ? query() : offer();
            return Optional.empty();
        }
        reached = true;
        return switch (answer.text("state")) {
            case "ENDED" -> Optional.of(NodeResult.of(node, answer.object("operation")));
            case "REFUSED" -> Optional.of(NodeResult.refused(node, answer.text("reason")));
            case "RECEIVING" -> goOn(piece(answer.number(0, "received")));
            case "RUNNING" -> {
                begun = true;
                Thread.sleep(PAUSE.toMillis());
                yield goOn(query());
            }
            default ->
                begun
                        ? Optional.of(NodeResult.failed(
                                node, "the node has forgotten the operation: see edge:operations there"))
                        : goOn(offer());
        };
    }

    private Optional<NodeResult> goOn(Message with) {
        next = with;
        return Optional.empty();
    }

    private Message offer() {
        return message(
                Operation.INSERT,
                Map.of("module", module, "sha256", file.checksum(), "bytes", file.bytes(), "force", force));
    }

    private Message query() {
        return message(Operation.QUERY, Map.of());
    }

    private Message piece(long offset) {
        try {
            String data = Base64.getEncoder().encodeToString(file.piece(offset, PIECE_BYTES));
            return message(Operation.UPDATE, Map.of("offset", offset, "data", data));
        } catch (IOException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot read " + file.file() + ": " + e.getMessage(), e);
        }
    }

    private Message message(String operation, Map<String, Object> tree) {
        Route route = Route.of(SHELL, ModuleNames.GROUP_OPERATIONS, operation, resource);
        return Message.of(route, new Content.Json(Json.write(tree)));
    }

    private Doc ask(Message message) {
        return Questions.doc(Json.read(ask(bus, node, message, ANSWER_LIMIT)));
    }

    /**
     * Asks a node through the hub.
     *
     * @return the answer's JSON
     * @throws EdgeException when there is none
     */
    static String ask(MessageBus bus, String node, Message message, Duration limit) {
        Message answer = bus.sendSync(ModuleNames.CLOUD_HUB, message, limit);
        if (answer.content() instanceof Content.Failure failure) {
            throw new EdgeException(reason(failure.reason()), failure.message());
        }
        if (!answer.route().resource().startsWith("node/" + node + "/")) {
            throw new EdgeException(Reason.FORBIDDEN, "another node answered for " + node);
        }
        return answer.content().json();
    }

    private static Reason reason(String status) {
        for (Reason reason : Reason.values()) {
            if (reason.status().equals(status)) {
                return reason;
            }
        }
        return Reason.INTERNAL_ERROR;
    }
}
