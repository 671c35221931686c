package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Refuses parameters that make no sense together, or at all.
 *
 * <p>Source: Kubernetes {@code apimachinery/pkg/apis/meta/v1/validation} and {@code internalversion/validation}.
 */
final class OptionCheck {

    static final String EXACT = "Exact";

    private static final String NOT_OLDER = "NotOlderThan";
    private static final String VERSION = "resourceVersion";
    private static final String MATCH = "resourceVersionMatch";
    private static final String INITIAL = "sendInitialEvents";
    private static final String MANAGER = "fieldManager";
    private static final String VALIDATION = "fieldValidation";
    private static final int LONGEST_MANAGER = 128;

    private final Query query;
    private final String options;
    private final List<Status.Cause> causes = new ArrayList<>();

    private OptionCheck(Query query, String options) {
        this.query = query;
        this.options = options;
    }

    static void list(Query query) {
        OptionCheck check = new OptionCheck(query, "ListOptions");
        String match = query.text(MATCH);
        String version = query.text(VERSION);
        if (!match.isEmpty()) {
            check.forbid(version.isEmpty(), MATCH, MATCH + " is forbidden unless resourceVersion is provided");
            check.forbidWithContinue();
            check.supported(MATCH, match, List.of(EXACT, NOT_OLDER, ""));
            check.forbid(
                    match.equals(EXACT) && version.equals("0"),
                    MATCH,
                    MATCH + " \"exact\" is forbidden for resourceVersion \"0\"");
        }
        check.forbid(!query.text(INITIAL).isEmpty(), INITIAL, INITIAL + " is forbidden for list");
        check.throwIfAny();
        if (!version.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Statuses.badRequest(VERSION + ": Invalid value: \"" + version + "\": strconv.ParseUint: parsing \""
                    + version + "\": invalid syntax");
        }
    }

    /** As of a server without the WatchList feature; clients then list and watch. */
    static void watch(Query query) {
        OptionCheck check = new OptionCheck(query, "ListOptions");
        String match = query.text(MATCH);
        boolean initial = !query.text(INITIAL).isEmpty();
        check.forbid(
                initial && !match.equals(NOT_OLDER),
                MATCH,
                INITIAL + " requires setting resourceVersionMatch to " + NOT_OLDER);
        check.forbid(
                initial, INITIAL, INITIAL + " is forbidden for watch unless the WatchList feature gate is enabled");
        if (!match.isEmpty()) {
            check.forbid(!initial, MATCH, MATCH + " is forbidden for watch unless sendInitialEvents is provided");
            check.supported(MATCH, match, List.of(NOT_OLDER));
            check.forbidWithContinue();
        }
        check.throwIfAny();
    }

    /**
     * @param options {@code CreateOptions} …
     * @param force whether they have it
     */
    static void write(Query query, String options, boolean force) {
        OptionCheck check = new OptionCheck(query, options);
        check.forbid(!force && !query.text("force").isEmpty(), "force", "may not be specified for non-apply patch");
        check.manager();
        check.dryRun(query.text("dryRun"));
        check.supported(VALIDATION, query.text(VALIDATION), List.of("", "Ignore", "Strict", "Warn"));
        check.throwIfAny();
    }

    /** What is said in the body counts, so the query may not have it. */
    static void delete(Query query, String propagation, String dryRun) {
        OptionCheck check = new OptionCheck(query, "DeleteOptions");
        if (!propagation.isEmpty()) {
            check.supported("propagationPolicy", propagation, List.of("Foreground", "Background", "Orphan", "nil"));
        }
        check.dryRun(dryRun);
        check.throwIfAny();
    }

    private void dryRun(String value) {
        if (!value.isEmpty() && !value.equals("All")) {
            add(
                    "FieldValueNotSupported",
                    "dryRun",
                    "Unsupported value: []string{\"" + value + "\"}: supported values: \"All\"");
        }
    }

    private void manager() {
        String manager = query.text(MANAGER);
        if (manager.length() > LONGEST_MANAGER) {
            add("FieldValueTooLong", MANAGER, "Too long: must have at most " + LONGEST_MANAGER + " bytes");
        }
        manager.chars()
                .filter(Character::isISOControl)
                .findFirst()
                .ifPresent(c -> add(
                        "FieldValueInvalid",
                        MANAGER,
                        "Invalid value: " + Json.text(manager)
                                + String.format(": invalid character U+%04X (at position %d)", c, manager.indexOf(c))));
    }

    private void forbidWithContinue() {
        forbid(!query.text("continue").isEmpty(), MATCH, MATCH + " is forbidden when continue is provided");
    }

    private void forbid(boolean found, String field, String why) {
        if (found) {
            add("FieldValueForbidden", field, "Forbidden: " + why);
        }
    }

    private void supported(String field, String value, List<String> supported) {
        if (!Set.copyOf(supported).contains(value)) {
            String all = String.join("\", \"", supported);
            add(
                    "FieldValueNotSupported",
                    field,
                    "Unsupported value: \"" + value + "\": supported values: \"" + all + "\"");
        }
    }

    private void add(String reason, String field, String message) {
        causes.add(new Status.Cause(reason, field, message));
    }

    private void throwIfAny() {
        if (!causes.isEmpty()) {
            ResourceKind kind =
                    new ResourceKind("meta.k8s.io", "v1", options, "", "", false, List.of(), List.of(), List.of());
            throw new KubeException(Status.invalid(kind, "", causes));
        }
    }
}
