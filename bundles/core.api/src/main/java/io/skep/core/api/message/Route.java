package io.skep.core.api.message;

import java.util.Objects;

/**
 * Where a message comes from and what it is about. Empty strings stand for what the sender left out.
 *
 * @param source producing module, by its wire name (see {@code ModuleNames})
 * @param destination practically unused by KubeEdge; kept so that a message survives a round trip
 * @param group class of receiver; the edge dispatches on it
 * @param operation the verb, usually one of {@link Operation}; HTTP methods and action names occur too
 * @param resource what it is about, see {@link ResourcePath}
 */
public record Route(String source, String destination, String group, String operation, String resource) {

    public Route {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(resource, "resource");
    }

    /** A route without destination, which is every route KubeEdge makes. */
    public static Route of(String source, String group, String operation, String resource) {
        return new Route(source, "", group, operation, resource);
    }

    /** The same route about another resource. */
    public Route withResource(String value) {
        return new Route(source, destination, group, operation, value);
    }
}
