package io.skep.core.api.module;

import io.skep.core.api.message.Message;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One module of the node or the cloud, registered as a service with the properties {@link #NAME} and {@link #GROUP}.
 *
 * <p>All methods but {@link #health} are called on the module's own thread, one at a time.
 */
@ConsumerType
public interface EdgeModule {

    /** Service property: the module's name on the bus and on the wire, for example {@code metamanager}. */
    String NAME = "module.name";

    /** Service property: the module's group, for example {@code meta}. */
    String GROUP = "module.group";

    /**
     * Begins work. Messages come only after it returned. It may be called again after {@link #stop}, or after a failure,
     * on the same object.
     *
     * @param handover what the module's predecessor left, or {@link Handover#NONE}; one of an unknown version is refused
     *     by throwing, never guessed at
     */
    void start(ModuleContext context, Handover handover);

    /**
     * Treats one message. An answer goes out through {@code context.bus().sendResp}. Whatever waits for another machine,
     * a process or a person belongs into {@code ModuleContext.work}. An exception that escapes is a bug: the host logs it,
     * answers a waiting requester with {@code InternalError} and restarts the module by its policy.
     */
    void receive(Message message);

    /** Ends work and returns what a successor needs; called within 5 s of the last message. */
    Handover stop();

    /** How the module is; any thread, at any time, without blocking. */
    default Health health() {
        return Health.HEALTHY;
    }
}
