package io.skep.transport.http;

import org.osgi.annotation.versioning.ConsumerType;

/** Answers requests. Called on transport threads, several at once; may block shortly, for a signature or a store. */
@ConsumerType
@FunctionalInterface
public interface HttpHandler {

    /** Answers one request. An exception becomes status 500, an {@code EdgeException} its reason's code and message. */
    HttpAnswer handle(HttpRequest request);
}
