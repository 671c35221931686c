package io.skep.bus.internal.host;

import io.skep.bus.internal.mail.Item;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls into one module. What escapes from one is told to the operator, to who waits for an answer and to the owner,
 * and goes no further. Calls are made on the module's thread; any thread may look which one is going on.
 */
final class ModuleCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ModuleCalls.class);

    /** A call into the module that is going on. */
    record InWork(String what, long sinceNanos) {}

    private final String name;
    private final EdgeModule module;
    private final Platform platform;
    private final Consumer<String> failed;
    private volatile InWork inWork;

    /** @param failed hears in which call the module failed, and why; on the module's thread */
    ModuleCalls(ModuleService service, Platform platform, Consumer<String> failed) {
        this.name = service.name();
        this.module = service.module();
        this.platform = platform;
        this.failed = failed;
    }

    /** What the module is doing right now, if anything. */
    Optional<InWork> inWork() {
        return Optional.ofNullable(inWork);
    }

    /** The same in a word, for the operator. */
    String describe() {
        return inWork().map(InWork::what).orElse("nothing");
    }

    /** Whether {@code start} returned well. */
    boolean start(ModuleContext context, Handover handover) {
        return guarded("start", Optional.empty(), () -> module.start(context, handover));
    }

    /** Whether the module returned well from what was handed to it. */
    boolean treat(Item item) {
        if (item instanceof Item.Letter letter) {
            Message message = letter.message();
            return guarded("message " + message.id(), Optional.of(message), () -> module.receive(message));
        }
        return guarded("task", Optional.empty(), ((Item.Task) item).work());
    }

    /**
     * Stops the module, which counts as stopped even if it fails at that.
     *
     * @return what the module left; empty when it left nothing
     */
    Handover stop() {
        inWork = new InWork("stop", System.nanoTime());
        try {
            Handover given = module.stop();
            return given == null ? Handover.NONE : given;
        } catch (Throwable e) {
            LOG.error("module failed to stop: module={}", name, e);
            return Handover.NONE;
        } finally {
            inWork = null;
        }
    }

    private boolean guarded(String what, Optional<Message> message, Runnable call) {
        inWork = new InWork(what, System.nanoTime());
        try {
            call.run();
            return true;
        } catch (Throwable e) {
            failed(what, message, e);
            return false;
        } finally {
            inWork = null;
        }
    }

    private void failed(String what, Optional<Message> message, Throwable why) {
        LOG.error("module failed: module={} in={}", name, what, why);
        failed.accept("in " + what + ": " + why);
        message.filter(m -> m.header().sync())
                .ifPresent(m -> platform.bus()
                        .sendResp(m.error(name, new EdgeException(Reason.INTERNAL_ERROR, name + " failed: " + why))));
    }
}
