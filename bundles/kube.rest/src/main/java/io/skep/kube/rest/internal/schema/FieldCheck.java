package io.skep.kube.rest.internal.schema;

import io.skep.kube.api.ResourceKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what was sent with the schema of its kind, as Kubernetes' strict decoder does, in its words. Directives of a
 * strategic merge patch are let through.
 */
public final class FieldCheck {

    private static final String PROPERTIES = "properties";
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

    /** Checks an object or a merge patch. A kind without schema passes. */
    public Findings check(ResourceKind kind, Map<String, Object> tree) {
        Schemas.Definitions definitions = schemas.definitions();
        Optional<String> name = definitions.nameOf(kind);
        if (name.isEmpty()) {
            return Findings.NONE;
        }
        Walk walk = new Walk(definitions);
        walk.definition(name.get(), tree, "", "");
        return new Findings(walk.unknown, walk.mismatch);
    }

    /** One pass over one document. */
    private static final class Walk {

        private final Schemas.Definitions definitions;
        private final List<String> unknown = new ArrayList<>();
        private String mismatch = "";

        Walk(Schemas.Definitions definitions) {
            this.definitions = definitions;
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
                expect(false, value, goPath, struct, "[]" + goType(Schemas.object(schema.get("items"))));
                return;
            }
            Map<String, Object> items = Schemas.object(schema.get("items"));
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
            Map<String, Object> additional = Schemas.object(schema.get("additionalProperties"));
            boolean open = properties.isEmpty() && additional.isEmpty();
            map.forEach((key, child) -> {
                String field = String.valueOf(key);
                if (properties.containsKey(field)) {
                    value(Schemas.object(properties.get(field)), child, join(path, field), join(goPath, field), struct);
                } else if (!additional.isEmpty()) {
                    value(additional, child, join(path, field), goPath, struct);
                } else if (!open && !field.startsWith("$")) {
                    unknown.add("unknown field \"" + join(path, field) + "\"");
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
