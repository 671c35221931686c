package io.skep.core.api.message;

import io.skep.core.api.EdgeException;
import java.util.Objects;

/** One immutable message between modules, or between a node and the cloud. */
public record Message(Header header, Route route, Content content) {

    public Message {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(content, "content");
    }

    /** A new message that answers no other. */
    public static Message of(Route route, Content content) {
        return new Message(Header.create(""), route, content);
    }

    /** Short for {@code header().id()}. */
    public String id() {
        return header.id();
    }

    /** Short for {@code header().parentId()}. */
    public String parentId() {
        return header.parentId();
    }

    /** Whether this message answers another one. */
    public boolean isReply() {
        return !header.parentId().isEmpty();
    }

    /** Whether this is an error answer: operation {@code error}, or content {@link Content.Failure}. */
    public boolean isError() {
        return Operation.ERROR.equals(route.operation()) || content instanceof Content.Failure;
    }

    /** The answer to this message as beehive builds it: same source, group and resource, operation {@code response}. */
    public Message reply(Content answer) {
        Route back = new Route(route.source(), "", route.group(), Operation.RESPONSE, route.resource());
        return new Message(Header.create(header.id()), back, answer);
    }

    /** As {@link #reply(Content)}, signed by {@code source}. */
    public Message reply(String source, Content answer) {
        Route back = new Route(source, "", route.group(), Operation.RESPONSE, route.resource());
        return new Message(Header.create(header.id()), back, answer);
    }

    /** The error answer to this message: operation {@code error}, content {@link Content.Failure}. */
    public Message error(String source, EdgeException cause) {
        Route back = new Route(source, "", route.group(), Operation.ERROR, route.resource());
        return new Message(
                Header.create(header.id()),
                back,
                new Content.Failure(cause.reason().status(), cause.getMessage()));
    }

    /** The same message with another header. */
    public Message withHeader(Header value) {
        return new Message(value, route, content);
    }

    /** The same message with another route. */
    public Message withRoute(Route value) {
        return new Message(header, value, content);
    }

    /** The same message with another content. */
    public Message withContent(Content value) {
        return new Message(header, route, value);
    }
}
