package io.skep.edgehub.internal;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleNames;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a message from the cloud to whom it is for.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/edgehub/messagehandler}.
 */
final class Inbound {

    private static final Logger LOG = LoggerFactory.getLogger(Inbound.class);
    private static final String GROUP_FUNC = "func";
    private static final String ROUTER_EVENT_BUS = "router_eventbus";
    private static final String ROUTER_SERVICE_BUS = "router_servicebus";

    private final MessageBus bus;
    private final BooleanSupplier operations;

    /** @param operations whether the link agreed to module operations */
    Inbound(MessageBus bus, BooleanSupplier operations) {
        this.bus = bus;
        this.operations = operations;
    }

    /** What became of it; {@code DROPPED} for a group or source nobody here knows. */
    Delivery dispatch(Message message) {
        return switch (message.route().group()) {
            case ModuleNames.GROUP_RESOURCE, GROUP_FUNC ->
                message.isReply() ? bus.sendResp(message) : bus.sendToGroup(ModuleNames.GROUP_META, message);
            case ModuleNames.GROUP_TWIN -> bus.sendToGroup(ModuleNames.GROUP_TWIN, message);
            case ModuleNames.GROUP_USER -> user(message);
            case ModuleNames.TASK_MANAGER -> bus.send(ModuleNames.TASK_MANAGER, message);
            case ModuleNames.GROUP_OPERATIONS -> operation(message);
            default -> unknown(message);
        };
    }

    private Delivery operation(Message message) {
        return operations.getAsBoolean() ? bus.send(ModuleNames.MODULE_OPERATIONS, message) : unknown(message);
    }

    private Delivery user(Message message) {
        if (message.isReply()) {
            return bus.sendResp(message);
        }
        return switch (message.route().source()) {
            case ROUTER_EVENT_BUS -> bus.send(ModuleNames.EVENT_BUS, message);
            case ROUTER_SERVICE_BUS -> bus.send(ModuleNames.SERVICE_BUS, message);
            default -> unknown(message);
        };
    }

    private static Delivery unknown(Message message) {
        LOG.debug(
                "nobody for message: id={} source={} group={} resource={}",
                message.id(),
                message.route().source(),
                message.route().group(),
                message.route().resource());
        return Delivery.DROPPED;
    }
}
