package io.skep.kube.embedded.internal.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Patch;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.rules.Schema;
import io.skep.kube.embedded.internal.storage.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Applies patches; the result is not yet checked. */
public final class Patches {

    /** More operations than this are refused, as by the real server. */
    private static final int MOST_OPERATIONS = 10_000;

    private final Schema schema;
    private final StrategicMerge strategic;

    public Patches(Schema schema) {
        this.schema = schema;
        this.strategic = new StrategicMerge(schema);
    }

    /**
     * The object after the patch.
     *
     * @throws KubeException {@code BadRequest} for what is no patch, {@code Invalid} for one that does not apply,
     *     {@code UnsupportedMediaType} for a type not offered
     */
    public KubeObject apply(ResourceKind kind, KubeObject object, Patch patch) {
        return switch (patch.type()) {
            case JSON -> json(object, patch.body());
            case MERGE -> KubeObject.of(merge(object.doc().asMap(), Json.readObject(patch.body())));
            case STRATEGIC_MERGE -> strategic(kind, object, Json.readObject(patch.body()));
            case APPLY -> throw unsupported(patch, "server-side apply is not offered yet");
        };
    }

    private KubeObject strategic(ResourceKind kind, KubeObject object, Map<String, Object> patch) {
        if (schema.of(kind).isEmpty()) {
            throw unsupported(
                    new Patch(io.skep.kube.api.PatchType.STRATEGIC_MERGE, ""),
                    "the body of the request was in an unknown format - accepted media types include:"
                            + " application/json-patch+json, application/merge-patch+json");
        }
        return KubeObject.of(strategic.merge(schema.of(kind), object.doc().asMap(), patch));
    }

    private static KubeObject json(KubeObject object, String body) {
        if (!(Json.read(body) instanceof List<?> operations)) {
            throw new KubeException(Status.of(Status.BAD_REQUEST, 400, "a JSON patch is a list of operations"));
        }
        if (operations.size() > MOST_OPERATIONS) {
            throw new KubeException(Status.of(
                    Status.TOO_LARGE,
                    413,
                    "The allowed maximum operations in a JSON patch is " + MOST_OPERATIONS + ", got "
                            + operations.size()));
        }
        ObjectMapper mapper = Json.mapper();
        try {
            JsonNode patched = JsonPatch.apply(
                    mapper.valueToTree(strict(operations)),
                    mapper.valueToTree(object.doc().asMap()));
            return KubeObject.of(Json.readObject(patched.toString()));
        } catch (JsonPatchException e) {
            throw new KubeException(
                    Status.of(
                            Status.INVALID,
                            422,
                            "the server rejected our request due to an error in our request: " + e.getMessage()),
                    e);
        }
    }

    /**
     * With a move on the spot ahead of each removal: the library takes a removal for done when nothing is there, but doesn't
     * move what is not there.
     */
    private static List<Object> strict(List<?> operations) {
        List<Object> strict = new ArrayList<>();
        for (Object operation : operations) {
            if (operation instanceof Map<?, ?> remove
                    && "remove".equals(remove.get("op"))
                    && remove.get("path") != null) {
                strict.add(Map.of("op", "move", "from", remove.get("path"), "path", remove.get("path")));
            }
            strict.add(operation);
        }
        return strict;
    }

    /** RFC 7386. */
    private static Map<String, Object> merge(Map<?, ?> target, Map<?, ?> patch) {
        Map<String, Object> merged = new LinkedHashMap<>();
        target.forEach((key, value) -> merged.put((String) key, value));
        patch.forEach((key, value) -> {
            if (value == null) {
                merged.remove(key);
            } else if (value instanceof Map<?, ?> change) {
                Map<?, ?> old = merged.get(key) instanceof Map<?, ?> map ? map : Map.of();
                merged.put((String) key, merge(old, change));
            } else {
                merged.put((String) key, value);
            }
        });
        return merged;
    }

    private static KubeException unsupported(Patch patch, String message) {
        return new KubeException(
                Status.of(Status.UNSUPPORTED_MEDIA_TYPE, 415, patch.type().mediaType() + ": " + message));
    }
}
