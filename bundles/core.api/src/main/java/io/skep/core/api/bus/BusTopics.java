package io.skep.core.api.bus;

/**
 * The Event Admin topics of the bus, and how a message lies in an event, for bundles that know the OSGi API alone.
 *
 * <p>To speak, send an event (synchronously, {@code sendEvent}) to {@link #module} or {@link #group} that has either the
 * property {@link #MESSAGE} (a {@code Message}), or {@link #JSON} (the message as one JSON text in KubeEdge's envelope).
 * To listen, handle the same topics: each message the bus carries is an event with both properties; {@link #JSON} is
 * a {@code CharSequence} whose text is made by the first {@code toString}. To answer, send to {@link #REPLY}. Life-cycle events are below {@link #LIFECYCLE}.
 */
public final class BusTopics {

    /** Property: the {@code io.skep.core.api.message.Message}. */
    public static final String MESSAGE = "message";

    /** Property: the message as JSON text, KubeEdge's envelope. */
    public static final String JSON = "json";

    /** Topic for answers. */
    public static final String REPLY = "io/skep/bus/reply";

    /** Life-cycle events: {@code io/skep/module/<name>/<WHAT>}, with the properties {@code module} and {@code reason}. */
    public static final String LIFECYCLE = "io/skep/module/";

    private static final String MODULE = "io/skep/bus/module/";
    private static final String GROUP = "io/skep/bus/group/";

    private BusTopics() {}

    /** Topic of one module's messages. */
    public static String module(String name) {
        return MODULE + name;
    }

    /** Topic of a group's messages. */
    public static String group(String name) {
        return GROUP + name;
    }
}
