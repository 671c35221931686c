package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes fields the schema does not know out of what is stored. Nothing with such fields is written any more, so that
 * almost always this is no more than a look.
 */
public final class KnownFields {

    private final Schema schema;

    public KnownFields(Schema schema) {
        this.schema = schema;
    }

    /**
     * A stored object without unknown fields: one that was stored while they still were kept must not differ by them alone
     * from what is written now.
     */
    public KubeObject of(ResourceKind kind, KubeObject stored) {
        Optional<Schema.Definition> root = schema.of(kind);
        return root.isEmpty() || knowsAll(root.get(), stored.doc().asMap())
                ? stored
                : KubeObject.of(known(root.get(), stored.doc().asMap()));
    }

    private boolean knowsAll(Schema.Definition definition, Map<?, ?> tree) {
        return tree.entrySet().stream().allMatch(entry -> {
            String name = (String) entry.getKey();
            return schema.knows(definition, name) && knowsAll(schema.type(definition, name), entry.getValue());
        });
    }

    private boolean knowsAll(String type, Object value) {
        if (value instanceof List<?> items) {
            return !type.startsWith("[]@") || items.stream().allMatch(item -> knowsAll(type.substring(2), item));
        }
        if (!(value instanceof Map<?, ?> tree)) {
            return true;
        }
        if (type.startsWith("{}@")) {
            return tree.values().stream().allMatch(item -> knowsAll(type.substring(2), item));
        }
        return !type.startsWith("@")
                || schema.named(type.substring(1)).map(d -> knowsAll(d, tree)).orElse(true);
    }

    private Map<String, Object> known(Schema.Definition definition, Map<?, ?> tree) {
        Map<String, Object> known = new LinkedHashMap<>();
        tree.forEach((key, value) -> {
            if (schema.knows(definition, (String) key)) {
                known.put((String) key, known(schema.type(definition, (String) key), value));
            }
        });
        return known;
    }

    private Object known(String type, Object value) {
        if (value instanceof List<?> items && type.startsWith("[]@")) {
            return items.stream().map(item -> known(type.substring(2), item)).toList();
        }
        if (!(value instanceof Map<?, ?> tree)) {
            return value;
        }
        if (type.startsWith("{}@")) {
            Map<String, Object> known = new LinkedHashMap<>();
            tree.forEach((key, item) -> known.put((String) key, known(type.substring(2), item)));
            return known;
        }
        return type.startsWith("@")
                ? schema.named(type.substring(1))
                        .<Object>map(d -> known(d, tree))
                        .orElse(value)
                : value;
    }
}
