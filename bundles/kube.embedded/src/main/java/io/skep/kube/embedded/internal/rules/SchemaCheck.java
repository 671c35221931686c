package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.GoText;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.Quantity;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.storage.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses values of the wrong type as Go's decoder does, and leaves out what is {@code null} and fields the schema does not
 * know, so that the rules behind it need not doubt the shape of what they read.
 */
public final class SchemaCheck {

    private static final String NO_QUANTITY =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private final Schema schema;

    public SchemaCheck(Schema schema) {
        this.schema = schema;
    }

    /**
     * The object without nulls and unknown fields.
     *
     * @throws KubeException {@code BadRequest} for a value of the wrong type
     */
    public KubeObject clean(ResourceKind kind, KubeObject object) {
        try {
            return walk(kind, object);
        } catch (Mismatch e) {
            throw new KubeException(
                    Status.of(
                            Status.BAD_REQUEST,
                            400,
                            kind.kind() + " in version \"" + kind.version() + "\" cannot be handled as a " + kind.kind()
                                    + ": " + e.getMessage()),
                    e);
        }
    }

    /**
     * What a patch made, without nulls and unknown fields.
     *
     * @throws KubeException {@code Invalid} for a value of the wrong type, for which the patch is to blame
     */
    public KubeObject cleanPatched(ResourceKind kind, KubeObject patched, Patch patch) {
        try {
            return walk(kind, patched);
        } catch (Mismatch e) {
            // Go decodes what other patches make, and converts what this one makes from a map: two ways to complain.
            boolean converted = patch.type() == PatchType.STRATEGIC_MERGE;
            String value = converted
                    ? GoText.of(Json.readObject(patch.body()))
                    : Json.write(patched.doc().asMap());
            String message = "Invalid value: " + Json.write(value) + ": " + (converted ? e.conversion : e.getMessage());
            Doc details = Doc.of(Map.of(
                    "causes", List.of(Map.of("reason", "FieldValueInvalid", "message", message, "field", "patch"))));
            throw new KubeException(new Status(Status.INVALID, 422, " \"\" is invalid: patch: " + message, details), e);
        }
    }

    private KubeObject walk(ResourceKind kind, KubeObject object) {
        Optional<Schema.Definition> root = schema.of(kind);
        Walk walk = new Walk();
        Map<String, Object> tree = root.map(d -> walk.object(d, object.doc().asMap(), ""))
                .orElseGet(() -> walk.custom(object.doc().asMap()));
        return KubeObject.of(tree);
    }

    /** A value of the wrong type, in the words of Go's JSON decoder and of Kubernetes' converter. */
    private static final class Mismatch extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String conversion;

        Mismatch(String decoding, String conversion) {
            super(decoding);
            this.conversion = conversion;
        }
    }

    private final class Walk {

        /** A kind of a custom resource: only its metadata is known. */
        Map<String, Object> custom(Map<?, ?> tree) {
            Map<String, Object> clean = new LinkedHashMap<>();
            tree.forEach((key, value) -> {
                if (key.equals("metadata") && value instanceof Map<?, ?> metadata) {
                    clean.put("metadata", object(schema.metadata(), metadata, ".metadata"));
                } else if (value != null) {
                    clean.put((String) key, value);
                }
            });
            return clean;
        }

        Map<String, Object> object(Schema.Definition definition, Map<?, ?> tree, String path) {
            Map<String, Object> clean = new LinkedHashMap<>(tree.size() * 2);
            tree.forEach((key, value) -> {
                String name = (String) key;
                if (value != null && schema.knows(definition, name)) {
                    String type = schema.type(definition, name);
                    clean.put(name, value(definition, type, value, path + "." + name));
                }
            });
            return clean;
        }

        private Object value(Schema.Definition owner, String type, Object value, String path) {
            if (type.startsWith("[]")) {
                return list(owner, type, value, path);
            }
            if (type.startsWith("{}")) {
                return map(owner, type, value, path);
            }
            if (type.startsWith("@")) {
                Optional<Schema.Definition> inner = schema.named(type.substring(1));
                if (inner.isEmpty()) {
                    return value;
                }
                if (!(value instanceof Map<?, ?> fields)) {
                    throw mismatch(owner, value, path, "v1." + inner.get().shortName());
                }
                return object(inner.get(), fields, path);
            }
            boolean fits = switch (type) {
                case "string" -> value instanceof String;
                case "quantity" -> isQuantity(value);
                case "boolean" -> value instanceof Boolean;
                case "integer" -> value instanceof Integer || value instanceof Long;
                case "number" -> value instanceof Number;
                case "object" -> value instanceof Map;
                default -> true;
            };
            if (!fits) {
                throw mismatch(owner, value, path, goType(type));
            }
            return "quantity".equals(type) ? value.toString() : value;
        }

        private List<Object> list(Schema.Definition owner, String type, Object value, String path) {
            if (!(value instanceof List<?> items)) {
                throw mismatch(owner, value, path, goType(type));
            }
            List<Object> clean = new ArrayList<>(items.size());
            for (Object item : items) {
                if (item != null) {
                    clean.add(value(owner, type.substring(2), item, path));
                }
            }
            return clean;
        }

        private Map<String, Object> map(Schema.Definition owner, String type, Object value, String path) {
            if (!(value instanceof Map<?, ?> entries)) {
                throw mismatch(owner, value, path, goType(type));
            }
            Map<String, Object> clean = new LinkedHashMap<>();
            entries.forEach((key, entry) -> {
                String inner = type.substring(2);
                // Go reads null as the empty string here, and kubectl's literals rely on the key being there.
                Object kept = entry == null && "string".equals(inner) ? "" : entry;
                if (kept != null) {
                    clean.put((String) key, value(owner, inner, kept, path));
                }
            });
            return clean;
        }

        private Mismatch mismatch(Schema.Definition owner, Object value, String path, String type) {
            return new Mismatch(
                    "json: cannot unmarshal " + jsonType(value) + " into Go struct field " + owner.shortName() + path
                            + " of type " + type,
                    conversion(value, type));
        }
    }

    private static String conversion(Object value, String type) {
        if (type.startsWith("[]")) {
            return "cannot restore slice from " + GoText.kind(value);
        }
        if (type.startsWith("map[")) {
            return "cannot restore map from " + GoText.kind(value);
        }
        return type.startsWith("v1.")
                ? "cannot restore struct from: " + GoText.kind(value)
                : "unrecognized type: " + type;
    }

    /** A text of the right type that is none is told of by itself. */
    private static boolean isQuantity(Object value) {
        if (!(value instanceof String text)) {
            return value instanceof Number;
        }
        try {
            Quantity.parse(text);
            return true;
        } catch (KubeException e) {
            throw new Mismatch(NO_QUANTITY, NO_QUANTITY);
        }
    }

    private static String jsonType(Object value) {
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Number) {
            return "number";
        }
        return value instanceof List ? "array" : "object";
    }

    private static String goType(String type) {
        if (type.startsWith("[]")) {
            return "[]" + goType(type.substring(2));
        }
        if (type.startsWith("{}")) {
            return "map[string]" + goType(type.substring(2));
        }
        return switch (type) {
            case "integer" -> "int64";
            case "boolean" -> "bool";
            case "number" -> "float64";
            case "quantity" -> "resource.Quantity";
            default -> type.startsWith("@") ? "v1." + type.substring(type.lastIndexOf('.') + 1) : type;
        };
    }
}
