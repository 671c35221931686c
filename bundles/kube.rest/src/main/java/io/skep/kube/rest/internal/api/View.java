package io.skep.kube.rest.internal.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The form of answer a client asked for, from its {@code Accept} header.
 *
 * @param form what it is to be
 * @param version of that form's group, {@code ""} for plain objects
 */
record View(Form form, String version) {

    /** The value of {@code as}. */
    enum Form {
        OBJECT(""),
        TABLE("Table"),
        PARTIAL("PartialObjectMetadata"),
        PARTIAL_LIST("PartialObjectMetadataList"),
        DISCOVERY("APIGroupDiscoveryList");

        private final String as;

        Form(String as) {
            this.as = as;
        }
    }

    private static final View PLAIN = new View(Form.OBJECT, "");

    /** The first form that can be given; a client lists them by preference. Empty when there is none. */
    static Optional<View> of(String accept) {
        if (accept.isBlank()) {
            return Optional.of(PLAIN);
        }
        for (String range : accept.split(",")) {
            Optional<View> view = range(range);
            if (view.isPresent()) {
                return view;
            }
        }
        return Optional.empty();
    }

    private static Optional<View> range(String range) {
        String[] parts = range.split(";");
        String type = parts[0].trim();
        if (!type.equals("application/json") && !type.equals("*/*") && !type.equals("application/*")) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parts[i].substring(0, equals).trim(),
                        parts[i].substring(equals + 1).trim());
            }
        }
        String as = parameters.getOrDefault("as", "");
        for (Form form : Form.values()) {
            if (form.as.equals(as)) {
                return known(form, parameters);
            }
        }
        return Optional.empty();
    }

    private static Optional<View> known(Form form, Map<String, String> parameters) {
        String version = parameters.getOrDefault("v", "");
        String group = parameters.getOrDefault("g", "");
        return switch (form) {
            case OBJECT -> Optional.of(PLAIN);
            case TABLE, PARTIAL, PARTIAL_LIST ->
                group.equals("meta.k8s.io") && (version.equals("v1") || version.equals("v1beta1"))
                        ? Optional.of(new View(form, version))
                        : Optional.empty();
            case DISCOVERY ->
                group.equals("apidiscovery.k8s.io") && (version.equals("v2") || version.equals("v2beta1"))
                        ? Optional.of(new View(form, version))
                        : Optional.empty();
        };
    }
}
