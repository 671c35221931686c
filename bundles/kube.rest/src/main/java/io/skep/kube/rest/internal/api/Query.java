package io.skep.kube.rest.internal.api;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.Selector;
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
    private static final String ALL = "All";
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
                Selector.parseFields(text("fieldSelector")),
                text("resourceVersion"),
                (int) Math.max(0, Math.min(number("limit").orElse(0), Integer.MAX_VALUE)),
                text("continue"),
                flag("allowWatchBookmarks"));
    }

    /** Options of a write that {@link OptionCheck} has passed. */
    WriteOptions write() {
        return new WriteOptions(text(DRY_RUN).equals(ALL), text("fieldManager"), flag("force"));
    }

    /** From the query and, above it, the {@code DeleteOptions} in the body. */
    DeleteOptions delete(Doc body) {
        OptionalLong grace = body.has(GRACE) ? OptionalLong.of(body.number(0, GRACE)) : number(GRACE);
        String propagation = body.has("propagationPolicy") ? body.text("propagationPolicy") : text("propagationPolicy");
        List<String> listed = body.texts(DRY_RUN);
        String dryRun = listed.isEmpty() ? text(DRY_RUN) : listed.get(0);
        OptionCheck.delete(this, propagation, dryRun);
        return new DeleteOptions(
                grace,
                body.text("preconditions", "uid"),
                body.text("preconditions", "resourceVersion"),
                propagation(propagation, body.flag(flag("orphanDependents"), "orphanDependents")),
                dryRun.equals(ALL));
    }

    /** What to do about unknown fields; the server's default is to warn. */
    FieldValidation fieldValidation() {
        return switch (text("fieldValidation")) {
            case "Strict" -> FieldValidation.STRICT;
            case "Ignore" -> FieldValidation.IGNORE;
            default -> FieldValidation.WARN;
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
            case "Background" -> DeleteOptions.Propagation.BACKGROUND;
            case "Foreground" -> DeleteOptions.Propagation.FOREGROUND;
            case "Orphan" -> DeleteOptions.Propagation.ORPHAN;
            default -> orphan ? DeleteOptions.Propagation.ORPHAN : DeleteOptions.Propagation.BACKGROUND;
        };
    }
}
