package io.skep.bus.internal.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.bus.internal.remote.Ledger.Entry;
import io.skep.bus.internal.swap.OperationJson;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.DocumentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upgrades the cloud asks for. Its messages, in group {@code operations} about {@code operations/<id>}: <i>insert</i> asks
 * for an upgrade, <i>update</i> brings a piece of the package, <i>query</i> asks what became of it; <i>query</i> about
 * {@code operations} asks for the list. Each is answered with a state ({@link Answers}), and each may come again: what is
 * done is done once an id.
 *
 * <p>State of the module's thread. A package that was on its way when the module went is sent anew; an operation that was
 * under way is looked up in the journal of operations.
 */
final class RemoteOperations {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteOperations.class);
    private static final String RESOURCE = "operations";
    private static final String DISK = "incoming";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ModuleContext context;
    private final Supplier<ModuleOperations> operations;
    private final Ledger ledger;
    private final Path folder;
    private final boolean enabled;
    private Optional<Incoming> incoming = Optional.empty();
    private String running = "";

    /**
     * @param operations asked for when they are needed
     * @param folder for packages on their way
     * @param enabled whether the operator of this node has it so
     */
    RemoteOperations(
            ModuleContext context,
            Supplier<ModuleOperations> operations,
            DocumentStore store,
            Path folder,
            boolean enabled) {
        this.context = context;
        this.operations = operations;
        this.ledger = new Ledger(store);
        this.folder = folder;
        this.enabled = enabled;
    }

    /** Drops what a former life left half. */
    void open() {
        context.work(DISK, this::clear, (nothing, failure) -> {
            if (failure != null) {
                LOG.warn("packages left behind: folder={} reason={}", folder, failure.getMessage());
            }
        });
    }

    private Void clear() throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return null;
    }

    void receive(Message message) {
        try {
            treat(message, message.route().resource());
        } catch (EdgeException e) {
            answer(message, Answers.refused(e.getMessage()));
        }
    }

    private void treat(Message message, String resource) {
        String operation = message.route().operation();
        String id = resource.startsWith(RESOURCE + "/") ? resource.substring(RESOURCE.length() + 1) : "";
        if (!enabled) {
            throw new EdgeException(
                    Reason.FORBIDDEN,
                    "this node takes nothing from the cloud: remote.enabled of io.skep.bus.operations is false");
        }
        if (operation.equals(Operation.QUERY) && resource.equals(RESOURCE)) {
            work(message, () -> Answers.list(operations.get().list()));
        } else if (operation.equals(Operation.QUERY)) {
            tell(message, id);
        } else if (operation.equals(Operation.INSERT)) {
            offered(message, Request.read(id, Answers.read(message.content().json())));
        } else if (operation.equals(Operation.UPDATE)) {
            piece(message, id);
        } else {
            throw new EdgeException(Reason.BAD_REQUEST, "not known: " + operation + " of " + resource);
        }
    }

    private void offered(Message message, Request request) {
        Optional<Incoming> now = incoming.filter(i -> i.request().id().equals(request.id()));
        if (now.isEmpty() && ledger.find(request.id()).isEmpty()) {
            begin(request);
        }
        tell(message, request.id());
    }

    private void begin(Request request) {
        Instant now = context.clock().instant();
        if (!running.isEmpty()
                || incoming.isPresent()
                        && now.isBefore(incoming.get().lastHeard().plus(PATIENCE))) {
            throw new EdgeException(Reason.CONFLICT, "another package of the cloud is on its way to this node");
        }
        incoming.ifPresent(this::drop);
        Incoming begun = new Incoming(request, folder, now);
        incoming = Optional.of(begun);
        context.work(DISK, begun::create, (there, failure) -> {
            if (failure != null) {
                LOG.warn("package not taken: folder={} reason={}", folder, failure.getMessage());
                forget(begun);
            }
        });
    }

    private void piece(Message message, String id) {
        Optional<Incoming> now = incoming.filter(i -> i.request().id().equals(id));
        if (now.isEmpty()) {
            tell(message, id);
            return;
        }
        JsonNode tree = Answers.read(message.content().json());
        byte[] data = data(tree);
        Incoming one = now.get();
        one.heard(context.clock().instant());
        context.work(DISK, () -> one.add(tree.path("offset").asLong(-1), data), (there, failure) -> {
            if (failure != null) {
                forget(one);
                answer(message, Answers.refused("the package can't be kept: " + failure.getMessage()));
                return;
            }
            if (one.completes(there)) {
                upgrade(one);
            }
            tell(message, id);
        });
    }

    private static byte[] data(JsonNode tree) {
        try {
            return Base64.getDecoder().decode(tree.path("data").asText());
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "the piece is no base64: " + e.getMessage(), e);
        }
    }

    /** From here on the id is used up. */
    private void upgrade(Incoming one) {
        Request request = one.request();
        Entry entry = new Entry(request, context.clock().instant(), "");
        ledger.write(entry);
        running = request.id();
        incoming = Optional.empty();
        LOG.info("upgrade asked for by the cloud: id={} module={}", request.id(), request.module());
        PackageSource source = new PackageSource(one.file().toAbsolutePath().toString(), request.checksum());
        CompletionStage<SwapOperation> stage = operations.get().upgrade(request.module(), source, request.force());
        stage.whenComplete((operation, failure) -> context.execute(() -> ended(one, entry, operation)));
    }

    private void ended(Incoming one, Entry entry, SwapOperation operation) {
        running = "";
        ledger.write(entry.endedAs(OperationJson.write(operation)));
        drop(one);
    }

    private void forget(Incoming one) {
        incoming = incoming.filter(i -> i != one);
        drop(one);
    }

    private void drop(Incoming one) {
        context.work(
                DISK,
                () -> {
                    try {
                        return Files.deleteIfExists(one.file());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                (nothing, failure) -> {
                    if (failure != null) {
                        LOG.warn("package left behind: file={} reason={}", one.file(), failure.getMessage());
                    }
                });
    }

    /** What is known of an id now. */
    private void tell(Message message, String id) {
        Optional<Incoming> now = incoming.filter(i -> i.request().id().equals(id));
        if (now.isPresent()) {
            // Behind the pieces that are being written.
            Incoming one = now.get();
            work(message, () -> Answers.receiving(one.add(-1, new byte[0])));
            return;
        }
        Optional<Entry> entry = ledger.find(id);
        if (entry.isEmpty()) {
            answer(message, Answers.unknown());
        } else if (entry.get().ended()) {
            answer(message, Answers.ended(entry.get().operation()));
        } else if (id.equals(running)) {
            answer(message, Answers.running());
        } else {
            work(message, () -> lookUp(entry.get()));
        }
    }

    /** Begun by a former life of this module, which did not hear how it ended. */
    private String lookUp(Entry entry) {
        Request request = entry.request();
        List<SwapOperation> all = operations.get().list();
        SwapOperation found = all.stream()
                .filter(o -> o.kind() == Kind.UPGRADE
                        && o.module().equals(request.module())
                        && o.checksum().equals(request.checksum())
                        && !o.started().isBefore(entry.begun()))
                .reduce((newer, older) -> older)
                .orElseGet(() -> notBegun(entry));
        if (found.outcome() == Outcome.RUNNING) {
            return Answers.running();
        }
        String operation = OperationJson.write(found);
        ledger.write(entry.endedAs(operation));
        return Answers.ended(operation);
    }

    private static SwapOperation notBegun(Entry entry) {
        return new SwapOperation(
                entry.request().id(),
                Kind.UPGRADE,
                entry.request().module(),
                Outcome.INTERRUPTED,
                "the process ended before anything was changed",
                entry.begun(),
                entry.begun(),
                "",
                "",
                entry.request().checksum(),
                Duration.ZERO,
                List.of());
    }

    private void work(Message message, Callable<String> job) {
        context.work(
                DISK,
                job,
                (text, failure) -> answer(
                        message,
                        failure == null ? text : Answers.refused("it can't be told now: " + failure.getMessage())));
    }

    private void answer(Message message, String json) {
        context.bus().send(ModuleNames.EDGE_HUB, message.reply(ModuleNames.MODULE_OPERATIONS, new Content.Json(json)));
    }
}
