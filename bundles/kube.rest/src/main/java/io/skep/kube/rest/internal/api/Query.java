package io.skep.kube.rest.internal.api;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The query of a request, read as the options it stands for.
 *
 * @param values of each parameter, in order
 */
record Query(Map<String, List<String>> values) {

    private static final String DRY_RUN = "dryRun";
    private static final String GRACE = "gracePeriodSeconds";

    String text(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.isEmpty() ? "" : all.get(0);
    }

    boolean flag(String name) {
        String value = text(name);
        return value.equals("true") || value.equals("1");
    }

    OptionalLong number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw Statuses.badRequest("strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
    }

    /** Options of a list or watch. */
    ListOptions list() {
        return new ListOptions(
                Selector.parse(text("labelSelector")),
                Selector.parse(text("fieldSelector")),
                text("resourceVersion"),
                (int) Math.max(0, Math.min(number("limit").orElse(0), Integer.MAX_VALUE)),
                text("continue"),
                flag("allowWatchBookmarks"));
    }

    WriteOptions write() {
        return new WriteOptions(isDryRun(text(DRY_RUN)), text("fieldManager"), flag("force"));
    }

    /** From the query and, above it, the {@code DeleteOptions} in the body. */
    DeleteOptions delete(Doc body) {
        OptionalLong grace = body.has(GRACE) ? OptionalLong.of(body.number(0, GRACE)) : number(GRACE);
        String propagation = body.has("propagationPolicy") ? body.text("propagationPolicy") : text("propagationPolicy");
        List<String> dryRun = body.texts(DRY_RUN);
        return new DeleteOptions(
                grace,
                body.text("preconditions", "uid"),
                body.text("preconditions", "resourceVersion"),
                propagation(propagation, body.flag(flag("orphanDependents"), "orphanDependents")),
                isDryRun(dryRun.isEmpty() ? text(DRY_RUN) : dryRun.get(0)));
    }

    /** What to do about unknown fields; the server's default is to warn. */
    FieldValidation fieldValidation() {
        String value = text("fieldValidation");
        return switch (value) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Strict" -> FieldValidation.STRICT;
            case "Ignore" -> FieldValidation.IGNORE;
            default -> throw invalid("fieldValidation", value, "\"Ignore\", \"Strict\", \"Warn\"");
        };
    }

    /** {@code fieldValidation}. */
    enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    private static DeleteOptions.Propagation propagation(String value, boolean orphan) {
        return switch (value) {
            case "" -> orphan ? DeleteOptions.Propagation.ORPHAN : DeleteOptions.Propagation.BACKGROUND;
            case "Background" -> DeleteOptions.Propagation.BACKGROUND;
            case "Foreground" -> DeleteOptions.Propagation.FOREGROUND;
            case "Orphan" -> DeleteOptions.Propagation.ORPHAN;
            default -> throw invalid("propagationPolicy", value, "\"Background\", \"Foreground\", \"Orphan\"");
        };
    }

    private static boolean isDryRun(String value) {
        if (value.isEmpty()) {
            return false;
        }
        if (value.equals("All")) {
            return true;
        }
        throw invalid(DRY_RUN, value, "\"All\"");
    }

    private static final ResourceKind OPTIONS = new ResourceKind(
            "meta.k8s.io", "v1", "Options", "options", "options", false, List.of(), List.of(), List.of());

    private static KubeException invalid(String field, String value, String supported) {
        return new KubeException(Status.invalid(
                OPTIONS,
                "",
                List.of(new Status.Cause(
                        "FieldValueNotSupported",
                        field,
                        "Unsupported value: \"" + value + "\": supported values: " + supported))));
    }
}
