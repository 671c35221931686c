package io.skep.metaserver.internal;

import io.skep.kube.api.Selector;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A selector as it stands in a query, for whoever else is to read it. */
final class SelectorText {

    private SelectorText() {}

    static String of(Selector selector) {
        return selector.requirements().stream().map(SelectorText::of).collect(Collectors.joining(","));
    }

    /** A field selector, in whose values some characters need a backslash. */
    static String ofFields(Selector selector) {
        return selector.requirements().stream()
                .flatMap(requirement -> requirement.values().stream()
                        .map(value -> requirement.key()
                                + (requirement.operator() == Selector.Operator.NOT_IN ? "!=" : "=")
                                + value.replaceAll("[\\\\,=]", "\\\\$0")))
                .collect(Collectors.joining(","));
    }

    private static String of(Selector.Requirement requirement) {
        String values = String.join(",", new TreeSet<>(requirement.values()));
        boolean one = requirement.values().size() == 1;
        return switch (requirement.operator()) {
            case IN -> requirement.key() + (one ? "=" + values : " in (" + values + ")");
            case NOT_IN -> requirement.key() + (one ? "!=" + values : " notin (" + values + ")");
            case EXISTS -> requirement.key();
            case DOES_NOT_EXIST -> "!" + requirement.key();
            case GREATER -> requirement.key() + ">" + values;
            case LESS -> requirement.key() + "<" + values;
        };
    }
}
