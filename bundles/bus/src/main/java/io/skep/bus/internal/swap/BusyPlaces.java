package io.skep.bus.internal.swap;

import java.util.HashMap;
import java.util.Map;

/**
 * What operations are at work on: modules by their name, and bundles that come by theirs. One operation at a time has a
 * place, and those that want another one go on beside it. Thread-safe.
 */
final class BusyPlaces {

    // No module's name has a colon in it.
    private static final String BUNDLE = "bundle:";

    private final Map<String, String> operations = new HashMap<>();

    /** Takes the place of a module for {@code operation}, until it leaves; {@code false} when another one has it. */
    synchronized boolean takeModule(String module, String operation) {
        return operation.equals(operations.computeIfAbsent(module, m -> operation));
    }

    /** As {@link #takeModule} for a bundle that isn't there yet, by its symbolic name. */
    boolean takeBundle(String symbolicName, String operation) {
        return takeModule(BUNDLE + symbolicName, operation);
    }

    /** Gives back all that {@code operation} has taken. */
    synchronized void leave(String operation) {
        operations.values().removeIf(operation::equals);
    }
}
