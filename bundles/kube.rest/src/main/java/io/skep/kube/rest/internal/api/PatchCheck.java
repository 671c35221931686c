package io.skep.kube.rest.internal.api;

import io.skep.kube.api.Doc;
import io.skep.kube.api.GoText;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.json.Json;
import io.skep.kube.rest.internal.schema.FieldCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads patches and refuses those that put fields into an object its kind does not have.
 *
 * <p>Source: Kubernetes {@code apiserver/pkg/endpoints/handlers/patch.go}. There the patched object is decoded; since no
 * object that is kept has unknown fields, what a patch puts into it is all that can be unknown.
 */
final class PatchCheck {

    private static final Set<String> OPERATION = Set.of("op", "path", "from", "value");

    private final FieldCheck fields;

    PatchCheck(FieldCheck fields) {
        this.fields = fields;
    }

    /**
     * Warnings for a patch.
     *
     * @throws KubeException for a malformed one, and for one with unknown fields, or the same one twice, when they are not
     *     allowed
     */
    List<String> warnings(Query query, ResourceKind kind, PatchType type, byte[] body) {
        Object tree = parse(type, body);
        List<String> strict = new ArrayList<>();
        if (type == PatchType.JSON && tree instanceof List<?> operations) {
            operations(operations, strict);
            Json.duplicates(body).forEach(duplicate -> strict.add("json patch " + duplicate));
            operations.forEach(operation -> puts(kind, operation, strict));
        } else if (tree instanceof Map<?, ?> map) {
            strict.addAll(fields.checkPatch(kind, strings(map)).unknown());
            strict.addAll(type == PatchType.APPLY ? List.of() : Json.duplicates(body));
        }
        if (strict.isEmpty()) {
            return List.of();
        }
        return switch (query.fieldValidation()) {
            case STRICT -> throw refused(type, tree, body, strict);
            case WARN -> strict;
            case IGNORE -> List.of();
        };
    }

    private static void operations(List<?> operations, List<String> strict) {
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i) instanceof Map<?, ?> operation) {
                for (Object field : operation.keySet()) {
                    if (!OPERATION.contains(field)) {
                        strict.add("json patch unknown field \"[" + i + "]." + field + "\"");
                    }
                }
            }
        }
    }

    /** What one operation puts into the object; a copy or a move puts there what was known elsewhere. */
    private void puts(ResourceKind kind, Object operation, List<String> strict) {
        if (operation instanceof Map<?, ?> fieldsOf
                && fieldsOf.get("path") instanceof String pointer
                && Set.of("add", "replace", "copy", "move").contains(fieldsOf.get("op"))) {
            Object value = fieldsOf.containsKey("from") ? null : fieldsOf.get("value");
            strict.addAll(fields.checkAt(kind, steps(pointer), value).unknown());
        }
    }

    /** RFC 6901. */
    private static List<String> steps(String pointer) {
        List<String> steps = new ArrayList<>(List.of(pointer.split("/", -1)));
        steps.remove(0);
        steps.replaceAll(step -> step.replace("~1", "/").replace("~0", "~"));
        return steps;
    }

    private static Object parse(PatchType type, byte[] body) {
        try {
            return type == PatchType.APPLY ? Json.readYaml(body) : Json.read(body);
        } catch (Json.MalformedException e) {
            throw Statuses.badRequest("error decoding patch: " + e.getMessage());
        }
    }

    private static Map<String, Object> strings(Map<?, ?> map) {
        return Doc.of(castKeys(map)).asMap();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> castKeys(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }

    /** A strategic merge patch is shown as Go prints a map, the others as they came. */
    private static KubeException refused(PatchType type, Object tree, byte[] body, List<String> strict) {
        String value =
                type == PatchType.STRATEGIC_MERGE ? GoText.of(tree) : new String(body, StandardCharsets.UTF_8).strip();
        String message = "Invalid value: " + Json.text(value) + ": strict decoding error: " + String.join(", ", strict);
        Doc details = Doc.of(
                Map.of("causes", List.of(Map.of("reason", "FieldValueInvalid", "message", message, "field", "patch"))));
        return new KubeException(new Status(Status.INVALID, 422, " \"\" is invalid: patch: " + message, details));
    }
}
