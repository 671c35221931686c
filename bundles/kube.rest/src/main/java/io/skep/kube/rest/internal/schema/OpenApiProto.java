package io.skep.kube.rest.internal.schema;

import io.skep.kube.rest.internal.json.Json;
import java.util.Map;

/**
 * An OpenAPI v2 document in protobuf, which is the only form old kubectls ask for. Field numbers are those of gnostic's
 * {@code openapiv2/OpenAPIv2.proto}; only what {@link OpenApi#v2} writes is known here.
 */
public final class OpenApiProto {

    /** Media type asked for by kubectl; the answer's has a dot for the at sign. */
    public static final String ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    public static final String ANSWERED = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private OpenApiProto() {}

    public static byte[] encode(Map<String, Object> document) {
        Map<String, Object> info = Schemas.object(document.get("info"));
        ProtoMessage out = new ProtoMessage()
                .text(1, String.valueOf(document.get("swagger")))
                .message(
                        2,
                        new ProtoMessage()
                                .text(1, String.valueOf(info.get("title")))
                                .text(2, String.valueOf(info.get("version"))));
        ProtoMessage paths = new ProtoMessage();
        Schemas.object(document.get("paths"))
                .forEach((path, item) -> paths.message(2, named(path, pathItem(Schemas.object(item)))));
        ProtoMessage definitions = new ProtoMessage();
        Schemas.object(document.get("definitions"))
                .forEach((name, schema) -> definitions.message(1, named(name, schema(Schemas.object(schema)))));
        return out.message(8, paths).message(9, definitions).bytes();
    }

    private static ProtoMessage named(String name, ProtoMessage value) {
        return new ProtoMessage().text(1, name).message(2, value);
    }

    private static ProtoMessage pathItem(Map<String, Object> item) {
        Map<String, Integer> fields = Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);
        ProtoMessage out = new ProtoMessage();
        item.forEach((method, operation) -> out.message(fields.get(method), operation(Schemas.object(operation))));
        return out;
    }

    private static ProtoMessage operation(Map<String, Object> operation) {
        ProtoMessage out = new ProtoMessage();
        for (Object parameter : Schemas.list(operation.get("parameters"))) {
            out.message(8, parameter(Schemas.object(parameter)));
        }
        extensions(out, 13, operation);
        return out;
    }

    /** A query parameter, four messages deep. */
    private static ProtoMessage parameter(Map<String, Object> parameter) {
        ProtoMessage query = new ProtoMessage()
                .text(2, "query")
                .text(4, String.valueOf(parameter.get("name")))
                .text(6, "string");
        ProtoMessage nonBody = new ProtoMessage().message(3, query);
        return new ProtoMessage().message(1, new ProtoMessage().message(2, nonBody));
    }

    private static ProtoMessage schema(Map<String, Object> schema) {
        ProtoMessage out = new ProtoMessage();
        if (schema.get(Schemas.REF) instanceof String reference) {
            out.text(1, reference);
        }
        if (schema.get("format") instanceof String format) {
            out.text(2, format);
        }
        for (Object required : Schemas.list(schema.get("required"))) {
            out.text(19, String.valueOf(required));
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> additional) {
            out.message(21, new ProtoMessage().message(1, schema(Schemas.object(additional))));
        }
        if (schema.get("type") instanceof String type) {
            out.message(22, new ProtoMessage().text(1, type));
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            out.message(23, new ProtoMessage().message(1, schema(Schemas.object(items))));
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            ProtoMessage all = new ProtoMessage();
            Schemas.object(properties)
                    .forEach((name, property) -> all.message(1, named(name, schema(Schemas.object(property)))));
            out.message(25, all);
        }
        extensions(out, 31, schema);
        return out;
    }

    /** Extensions travel as YAML text; JSON is YAML. */
    private static void extensions(ProtoMessage out, int field, Map<String, Object> node) {
        node.forEach((name, value) -> {
            if (name.startsWith("x-")) {
                String yaml = value instanceof String text ? text : Json.text(value);
                out.message(field, named(name, new ProtoMessage().text(2, yaml + "\n")));
            }
        });
    }
}
