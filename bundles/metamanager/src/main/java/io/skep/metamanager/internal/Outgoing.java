package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything MetaManager sends. What must arrive and is refused by a full mailbox waits here, in order, and is offered
 * again; a newer state of the same object takes the place of an older one that directly precedes it. Belongs to the
 * module's thread.
 */
final class Outgoing {

    private final ModuleContext context;
    private final Duration retry;
    private final MetaFigures figures;
    private final Map<String, ArrayDeque<Message>> waiting = new LinkedHashMap<>();
    private boolean scheduled;

    Outgoing(ModuleContext context, Duration retry, MetaFigures figures) {
        this.context = context;
        this.retry = retry;
        this.figures = figures;
    }

    /** Tells the cloud that a message is on disk here. One that gets lost is asked for again by the cloud. */
    void acknowledge(Message delivered) {
        context.bus().sendToGroup(ModuleNames.GROUP_HUB, delivered.reply(Content.OK));
    }

    /** Tells the cloud that a message could not be kept: no acknowledgement, so it comes again. */
    void refuse(Message delivered, EdgeException why) {
        context.bus().sendToGroup(ModuleNames.GROUP_HUB, delivered.error(ModuleNames.META_MANAGER, why));
    }

    /** Answers a module of the node: wakes it if it waits, else puts the answer into its mailbox. */
    void answer(Message asker, Message reply) {
        if (asker.header().sync()) {
            context.bus().sendResp(reply);
        } else {
            context.bus().send(asker.route().source(), reply);
        }
    }

    /** Sends to a module; nothing is lost while its mailbox is full. */
    void toModule(String module, Message message) {
        keep("module/" + module, message);
    }

    /** Sends to a group; nothing is lost while its mailboxes are full. */
    void toGroup(String group, Message message) {
        keep("group/" + group, message);
    }

    private void keep(String receiver, Message message) {
        ArrayDeque<Message> before = waiting.get(receiver);
        if (before == null) {
            if (offer(receiver, message) != Delivery.REFUSED) {
                return;
            }
            before = new ArrayDeque<>();
            waiting.put(receiver, before);
        }
        figures.delayed.incrementAndGet();
        if (!before.isEmpty() && replaces(message, before.peekLast())) {
            before.pollLast();
        }
        before.add(message);
        schedule();
    }

    private static boolean replaces(Message newer, Message older) {
        return newer.route().equals(older.route()) && newer.route().operation().equals("update");
    }

    private Delivery offer(String receiver, Message message) {
        int slash = receiver.indexOf('/');
        String name = receiver.substring(slash + 1);
        return receiver.startsWith("group/")
                ? context.bus().sendToGroup(name, message)
                : context.bus().send(name, message);
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            context.after(retry, this::offerAgain);
        }
    }

    private void offerAgain() {
        scheduled = false;
        waiting.entrySet().removeIf(entry -> emptied(entry.getKey(), entry.getValue()));
        if (!waiting.isEmpty()) {
            schedule();
        }
    }

    private boolean emptied(String receiver, ArrayDeque<Message> messages) {
        while (!messages.isEmpty() && offer(receiver, messages.peek()) != Delivery.REFUSED) {
            messages.poll();
        }
        return messages.isEmpty();
    }

    /** A message that waits, and for whom. */
    record Unsent(String receiver, Message message) {}

    /** What waits, in order, for a successor. */
    List<Unsent> unsent() {
        List<Unsent> unsent = new ArrayList<>();
        waiting.forEach((receiver, messages) -> messages.forEach(m -> unsent.add(new Unsent(receiver, m))));
        return unsent;
    }

    /** Sends what a predecessor could not. */
    void resume(List<Unsent> unsent) {
        unsent.forEach(one -> keep(one.receiver(), one.message()));
    }
}
