package io.skep.kube.rest.internal.schema;

import io.skep.kube.api.ResourceKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Compares what was sent with the schema of its kind, as Kubernetes' strict decoder does, in its words. Directives of a
 * strategic merge patch are let through.
 *
 * <p>Source: Kubernetes {@code apimachinery/pkg/runtime/serializer/json}, {@code apiserver/pkg/endpoints/handlers/patch.go}.
 */
public final class FieldCheck {

    /** As Kubernetes' decoder, which stops to count then. */
    private static final int MOST = 100;

    private static final String PROPERTIES = "properties";
    private static final String ADDITIONAL = "additionalProperties";
    private static final String ITEMS = "items";
    private static final String TYPE = "type";
    private static final String FORMAT = "format";

    private final Schemas schemas;

    public FieldCheck(Schemas schemas) {
        this.schemas = schemas;
    }

    /**
     * What was found.
     *
     * @param unknown {@code unknown field "spec.foo"}, one each
     * @param mismatch the first value of a wrong type, in the words of Go's decoder; or {@code ""}
     */
    public record Findings(List<String> unknown, String mismatch) {

        static final Findings NONE = new Findings(List.of(), "");
    }

    /** Checks an object. A kind without schema passes. */
    public Findings check(ResourceKind kind, Map<String, Object> tree) {
        return walk(kind, false, (walk, name) -> walk.definition(name, tree, "", ""));
    }

    /** Checks a merge patch, in which {@code null} takes a field away, be it known or not. */
    public Findings checkPatch(ResourceKind kind, Map<String, Object> patch) {
        return walk(kind, true, (walk, name) -> walk.definition(name, patch, "", ""));
    }

    /** Checks what an operation of a JSON patch puts at a place. */
    public Findings checkAt(ResourceKind kind, List<String> place, Object value) {
        return walk(kind, false, (walk, name) -> walk.at(Map.of(Schemas.REF, name), place, value, ""));
    }

    private Findings walk(ResourceKind kind, boolean patch, BiConsumer<Walk, String> steps) {
        Schemas.Definitions definitions = schemas.definitions();
        Optional<String> name = definitions.nameOf(kind);
        if (name.isEmpty()) {
            return Findings.NONE;
        }
        Walk walk = new Walk(definitions, patch);
        steps.accept(walk, name.get());
        return new Findings(walk.unknown, walk.mismatch);
    }

    /** One pass over one document. */
    private static final class Walk {

        private final Schemas.Definitions definitions;
        private final boolean patch;
        private final List<String> unknown = new ArrayList<>();
        private String mismatch = "";

        Walk(Schemas.Definitions definitions, boolean patch) {
            this.definitions = definitions;
            this.patch = patch;
        }

        /** Goes to a place before it looks at the value there. */
        void at(Map<String, Object> schema, List<String> place, Object value, String path) {
            if (schema.get(Schemas.REF) instanceof String reference) {
                String name = Schemas.target(reference);
                if (place.isEmpty()) {
                    definition(name, value, path, "");
                } else {
                    at(definitions.byName().getOrDefault(name, Map.of()), place, value, path);
                }
            } else if (place.isEmpty()) {
                value(schema, value, path, "", "");
            } else {
                into(schema, place.get(0), place.subList(1, place.size()), value, path);
            }
        }

        private void into(Map<String, Object> schema, String step, List<String> rest, Object value, String path) {
            Map<String, Object> properties = Schemas.object(schema.get(PROPERTIES));
            Map<String, Object> additional = Schemas.object(schema.get(ADDITIONAL));
            if (schema.get(ITEMS) instanceof Map<?, ?> items) {
                at(Schemas.object(items), rest, value, path + "[" + step + "]");
            } else if (properties.containsKey(step)) {
                at(Schemas.object(properties.get(step)), rest, value, join(path, step));
            } else if (!additional.isEmpty()) {
                at(additional, rest, value, join(path, step));
            } else if (isClosed(schema)) {
                unknown(join(path, step));
            }
        }

        private void unknown(String path) {
            if (unknown.size() < MOST) {
                unknown.add("unknown field \"" + path + "\"");
            }
        }

        /** Whether the object has only the fields that are listed. */
        private static boolean isClosed(Map<String, Object> schema) {
            return !Schemas.object(schema.get(PROPERTIES)).isEmpty()
                    && !Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
        }

        /** {@code path} has indexes and is for unknown fields, {@code goPath} has none and is for mismatches. */
        void definition(String name, Object value, String path, String goPath) {
            Map<String, Object> schema = definitions.byName().get(name);
            if (schema == null || value == null) {
                return;
            }
            String struct = name.substring(name.lastIndexOf('.') + 1);
            if (struct.equals("Quantity") && value instanceof Number) {
                return;
            }
            value(schema, value, path, goPath, struct);
        }

        private void value(Map<String, Object> schema, Object value, String path, String goPath, String struct) {
            if (value == null) {
                return;
            }
            if (schema.get(Schemas.REF) instanceof String reference) {
                definition(Schemas.target(reference), value, path, goPath);
                return;
            }
            switch (String.valueOf(schema.get(TYPE))) {
                case "array" -> array(schema, value, path, goPath, struct);
                case "object" -> object(schema, value, path, goPath, struct);
                case "string" -> string(schema, value, goPath, struct);
                case "integer" -> expect(isWhole(value), value, goPath, struct, integer(schema));
                case "number" -> expect(value instanceof Number, value, goPath, struct, "float64");
                case "boolean" -> expect(value instanceof Boolean, value, goPath, struct, "bool");
                default -> {
                    if (schema.containsKey(PROPERTIES)) {
                        object(schema, value, path, goPath, struct);
                    }
                }
            }
        }

        private void array(Map<String, Object> schema, Object value, String path, String goPath, String struct) {
            if (!(value instanceof List<?> list)) {
                expect(false, value, goPath, struct, "[]" + goType(Schemas.object(schema.get(ITEMS))));
                return;
            }
            Map<String, Object> items = Schemas.object(schema.get(ITEMS));
            for (int i = 0; i < list.size(); i++) {
                value(items, list.get(i), path + "[" + i + "]", goPath, struct);
            }
        }

        private void object(Map<String, Object> schema, Object value, String path, String goPath, String struct) {
            if (!(value instanceof Map<?, ?> map)) {
                expect(false, value, goPath, struct, goPath.isEmpty() ? "map[string]interface {}" : "v1." + struct);
                return;
            }
            Map<String, Object> properties = Schemas.object(schema.get(PROPERTIES));
            Map<String, Object> additional = Schemas.object(schema.get(ADDITIONAL));
            boolean closed = isClosed(schema);
            map.forEach((key, child) -> {
                String field = String.valueOf(key);
                if (properties.containsKey(field)) {
                    value(Schemas.object(properties.get(field)), child, join(path, field), join(goPath, field), struct);
                } else if (!additional.isEmpty()) {
                    value(additional, child, join(path, field), goPath, struct);
                } else if (closed && !field.startsWith("$") && !(patch && child == null)) {
                    unknown(join(path, field));
                }
            });
        }

        private void string(Map<String, Object> schema, Object value, String goPath, String struct) {
            boolean fits =
                    value instanceof String || "int-or-string".equals(schema.get(FORMAT)) && value instanceof Number;
            expect(fits, value, goPath, struct, "string");
        }

        private void expect(boolean fits, Object value, String goPath, String struct, String type) {
            if (!fits && mismatch.isEmpty()) {
                mismatch = "json: cannot unmarshal " + jsonType(value) + " into Go "
                        + (goPath.isEmpty() ? "value" : "struct field " + struct + "." + goPath) + " of type " + type;
            }
        }

        private static boolean isWhole(Object value) {
            return value instanceof Integer || value instanceof Long || value instanceof BigInteger;
        }

        private static String integer(Map<String, Object> schema) {
            return schema.get(FORMAT) instanceof String format ? format : "int64";
        }

        private static String goType(Map<String, Object> schema) {
            if (schema.get(Schemas.REF) instanceof String reference) {
                return "v1." + reference.substring(reference.lastIndexOf('.') + 1);
            }
            return String.valueOf(schema.getOrDefault(TYPE, "interface {}"));
        }

        private static String jsonType(Object value) {
            if (value instanceof String) {
                return "string";
            }
            if (value instanceof Boolean) {
                return "bool";
            }
            return value instanceof Map ? "object" : value instanceof List ? "array" : "number";
        }

        private static String join(String path, String field) {
            return path.isEmpty() ? field : path + "." + field;
        }
    }
}
