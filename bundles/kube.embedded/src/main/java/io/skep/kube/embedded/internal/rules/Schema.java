package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.embedded.internal.storage.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The built-in kinds' fields: their types, and how a strategic merge patch treats their lists.
 *
 * <p>A type is {@code string}, {@code integer}, {@code number}, {@code boolean}, {@code object}, {@code *} for anything,
 * {@code @name} for a definition, with {@code []} in front for a list and {@code {}} for a map. Source: the OpenAPI
 * document of a Kubernetes 1.31 server, in {@code schema-1.31.json}, without its prose.
 */
public final class Schema {

    /** Anything goes. */
    static final String ANY = "*";

    private static final String FILE = "/io/skep/kube/embedded/internal/schema-1.31.json";
    private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    /** How a patch treats a field. */
    public record ListMerge(boolean merge, boolean retainKeys, String key) {
        static final ListMerge REPLACE = new ListMerge(false, false, "");
    }

    /** One object's fields. */
    public static final class Definition {

        private final String name;
        private final Map<String, String> fields;
        private final Map<String, ListMerge> merges;
        private final String alias;

        private Definition(String name, Doc doc) {
            this.name = name;
            this.fields = doc.textMap("fields");
            this.alias = doc.text("type");
            Map<String, ListMerge> found = new HashMap<>();
            doc.textMap("patch").forEach((field, strategy) -> {
                String[] parts = strategy.split(":", 2);
                found.put(
                        field, new ListMerge(parts[0].startsWith("merge"), parts[0].endsWith("retainKeys"), parts[1]));
            });
            this.merges = found;
        }

        /** Last part of the name, as Go has it: {@code PodSpec}. */
        String shortName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        public ListMerge merge(String field) {
            return merges.getOrDefault(field, ListMerge.REPLACE);
        }
    }

    private final Map<String, Definition> definitions = new HashMap<>();
    private final Map<String, Definition> kinds = new HashMap<>();

    private Schema() {}

    /** Reads the schema from the bundle. */
    public static Schema load() {
        Schema schema = new Schema();
        try (InputStream in = Schema.class.getResourceAsStream(FILE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Object> tree = new LinkedHashMap<>(Json.readObject(text));
            tree.forEach((name, value) -> {
                Doc doc = Doc.of(Map.of("d", value)).object("d");
                Definition definition = new Definition(name, doc);
                schema.definitions.put(name, definition);
                if (doc.has("kind")) {
                    schema.kinds.put(doc.text("kind"), definition);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schema;
    }

    /** The definition of a built-in kind. */
    public Optional<Definition> of(ResourceKind kind) {
        return Optional.ofNullable(kinds.get(kind.apiVersion() + "/" + kind.kind()));
    }

    /** What kinds without a definition share. */
    Definition metadata() {
        return definitions.get(METADATA);
    }

    /** The definition of the object in {@code field}, or of the objects in the list or map there. */
    public Optional<Definition> inside(Definition definition, String field) {
        String type = type(definition, field);
        int at = type.lastIndexOf('@');
        return at < 0 ? Optional.empty() : Optional.ofNullable(definitions.get(type.substring(at + 1)));
    }

    /** Whether there is such a field. */
    boolean knows(Definition definition, String field) {
        return definition.fields.containsKey(field);
    }

    /** The type of a field; {@link #ANY} for one that is not known. */
    String type(Definition definition, String field) {
        return resolve(definition.fields.getOrDefault(field, ANY));
    }

    boolean isObject(Definition definition) {
        return definition.alias.isEmpty();
    }

    Optional<Definition> named(String reference) {
        return Optional.ofNullable(definitions.get(reference));
    }

    /** Quantities and times are names for strings. */
    private String resolve(String type) {
        int at = type.lastIndexOf('@');
        if (at < 0) {
            return type;
        }
        Definition target = definitions.get(type.substring(at + 1));
        if (target == null) {
            return type.substring(0, at) + ANY;
        }
        if (target.name.endsWith(".Quantity")) {
            return type.substring(0, at) + "quantity";
        }
        return target.alias.isEmpty() ? type : type.substring(0, at) + target.alias;
    }
}
