package io.skep.core.api.bus;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * KubeEdge's nine calls between modules, and {@link #request} which waits without a thread. Thread-safe.
 *
 * <p>Order: messages of one sender thread reach one receiver in the order sent. Delivery to a present module is exactly
 * once; a module that is being replaced finds its messages waiting. A message to a module that was removed on purpose or
 * never existed is counted ({@link #send}, {@link #sendToGroup}) or refused ({@link #sendSync}, {@link #request}).
 *
 * <p>Source: KubeEdge v1.22, {@code beehive/pkg/core/context/context.go}; the loss of early replies and the unbounded
 * blocking described there are not kept.
 */
@ProviderType
public interface MessageBus {

    /** How long a request waits when the caller gives no positive time; beehive's number. */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** Creates the mailbox of {@code module} if there is none. Modules found as services have theirs already. */
    void addModule(String module);

    /** Puts {@code module} into {@code group}; creates both when absent. */
    void addModuleGroup(String module, String group);

    /** Removes {@code module}: its waiting requests fail with {@code ServiceUnavailable}, its other messages are counted. */
    void cleanup(String module);

    /**
     * Puts {@code message} into the module's mailbox and returns at once.
     *
     * @return what became of the message, so that a sender knows without asking
     */
    Delivery send(String module, Message message);

    /**
     * Takes the next message of {@code module}, waiting for it. Only for modules added with {@link #addModule}; the bus
     * itself reads for modules found as services.
     *
     * @throws EdgeException {@code NOT_FOUND} for an unknown module, {@code SERVICE_UNAVAILABLE} once it was cleaned up
     */
    Message receive(String module) throws InterruptedException;

    /**
     * Sends a request and waits for its answer. Never call it on a module's own thread: use {@link #request}.
     *
     * @param timeout the whole wait; not positive means {@link #DEFAULT_TIMEOUT}
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} when nobody can take it, {@code TIMEOUT} when nobody answers
     */
    Message sendSync(String module, Message message, Duration timeout);

    /**
     * As {@link #sendSync} without waiting: the stage ends with the answer or with an {@link EdgeException}. It completes
     * on the answering thread; inside a module go back with {@code ModuleContext.execute}.
     */
    CompletionStage<Message> request(String module, Message message, Duration timeout);

    /** Hands an answer to whoever waits on its {@code parentId}. An answer nobody waits for is counted. */
    Delivery sendResp(Message reply);

    /** Sends to every member of the group, in the same order for each. {@code DROPPED} when the group is empty. */
    Delivery sendToGroup(String group, Message message);

    /**
     * Asks every member of the group and waits until all answered.
     *
     * @return the answers, in no order, one from each member
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} for an empty group, {@code TIMEOUT} when one is missing
     */
    List<Message> sendToGroupSync(String group, Message message, Duration timeout);

    /** Mailboxes and counters as they are now. */
    BusStatus status();
}
