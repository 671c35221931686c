package io.skep.kube.rest.internal.schema;

import io.skep.kube.api.ResourceKind;
import io.skep.kube.rest.internal.json.Json;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of the kinds as Kubernetes 1.31 publishes them: types, required fields, merge keys. Read when first needed
 * and given up again when memory is short, because a node may go for weeks without anybody writing through this door.
 */
public final class Schemas {

    static final String REF = "$ref";
    static final String KINDS = "x-kubernetes-group-version-kind";

    private SoftReference<Definitions> cached = new SoftReference<>(null);

    /** The definitions by name, each an OpenAPI v2 schema whose references start with {@code #/definitions/}. */
    Definitions definitions() {
        synchronized (this) {
            Definitions definitions = cached.get();
            if (definitions == null) {
                definitions = Definitions.load();
                cached = new SoftReference<>(definitions);
            }
            return definitions;
        }
    }

    /** Definitions by name, and the names by kind. */
    record Definitions(Map<String, Map<String, Object>> byName, Map<String, String> nameByKind) {

        private static Definitions load() {
            Map<String, Object> document = Json.readObject(Schemas.class.getResourceAsStream("kubernetes-1.31.json"));
            Map<String, Map<String, Object>> byName = new TreeMap<>();
            Map<String, String> nameByKind = new HashMap<>();
            object(document.get("definitions")).forEach((name, schema) -> {
                byName.put(name, object(schema));
                List<Object> kinds = list(object(schema).get(KINDS));
                if (kinds.size() == 1) {
                    Map<String, Object> kind = object(kinds.get(0));
                    nameByKind.put(key(kind.get("group"), kind.get("version"), kind.get("kind")), name);
                }
            });
            return new Definitions(byName, nameByKind);
        }

        /** The name of the kind's definition; empty for a kind that isn't Kubernetes' or KubeEdge's. */
        Optional<String> nameOf(ResourceKind kind) {
            return Optional.ofNullable(nameByKind.get(key(kind.group(), kind.version(), kind.kind())));
        }

        /** The definitions of these kinds and all they refer to. */
        Map<String, Map<String, Object>> reachable(Collection<ResourceKind> kinds) {
            Map<String, Map<String, Object>> found = new TreeMap<>();
            Deque<String> open = new ArrayDeque<>();
            kinds.forEach(kind -> nameOf(kind).ifPresent(open::add));
            while (!open.isEmpty()) {
                String name = open.poll();
                Map<String, Object> schema = byName.get(name);
                if (schema != null && found.put(name, schema) == null) {
                    references(schema, open);
                }
            }
            return found;
        }

        private static void references(Object node, Deque<String> into) {
            if (node instanceof Map<?, ?> map) {
                if (map.get(REF) instanceof String reference) {
                    into.add(target(reference));
                }
                map.values().forEach(value -> references(value, into));
            } else if (node instanceof List<?> list) {
                list.forEach(value -> references(value, into));
            }
        }

        private static String key(Object group, Object version, Object kind) {
            return Objects.toString(group, "") + "/" + version + "/" + kind;
        }
    }

    /** The definition a reference points to. */
    static String target(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object node) {
        return node instanceof List<?> list ? (List<Object>) list : List.of();
    }
}
