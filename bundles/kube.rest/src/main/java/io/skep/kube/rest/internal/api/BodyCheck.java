package io.skep.kube.rest.internal.api;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.json.Json;
import io.skep.kube.rest.internal.schema.FieldCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads objects and patches out of requests and refuses those that don't fit path or schema. */
final class BodyCheck {

    private static final String NAMESPACE = "namespace";
    private static final String METADATA = "metadata";

    private final FieldCheck fields;

    BodyCheck(FieldCheck fields) {
        this.fields = fields;
    }

    /** An object that fits, and what to warn about. */
    record Checked(KubeObject object, List<String> warnings) {}

    /** The object in the body, with kind, version and namespace filled in from the path. */
    Checked object(ApiRequest request, ResourceKind kind, ApiPath path) {
        ApiRequest.Content content = request.content();
        Doc body = content.document();
        requireKind(body, kind);
        FieldCheck.Findings findings = fields.check(kind, body.asMap());
        if (!findings.mismatch().isEmpty()) {
            throw Statuses.badRequest(cannotBeHandled(kind) + findings.mismatch());
        }
        List<String> warnings = new ArrayList<>(content.unknown());
        List<String> strict = both(findings.unknown(), content.duplicates());
        if (!strict.isEmpty()) {
            switch (request.query().fieldValidation()) {
                case STRICT ->
                    throw Statuses.badRequest(
                            cannotBeHandled(kind) + "strict decoding error: " + String.join(", ", strict));
                case WARN -> warnings.addAll(strict);
                case IGNORE -> {}
            }
        }
        return new Checked(fitted(new KubeObject(body), kind, path), warnings);
    }

    /**
     * Warnings for a patch.
     *
     * @throws KubeException for a malformed one, and for one with unknown fields, or the same one twice, when they are not
     *     allowed
     */
    List<String> patch(Query query, ResourceKind kind, PatchType type, byte[] body) {
        Object tree = parse(type, body);
        if (type == PatchType.JSON || !(tree instanceof Map<?, ?> map)) {
            return List.of();
        }
        FieldCheck.Findings findings = fields.check(kind, Doc.of(strings(map)).asMap());
        List<String> strict = both(findings.unknown(), type == PatchType.APPLY ? List.of() : Json.duplicates(body));
        if (strict.isEmpty()) {
            return List.of();
        }
        return switch (query.fieldValidation()) {
            case STRICT -> throw refused(body, strict);
            case WARN -> strict;
            case IGNORE -> List.of();
        };
    }

    private static List<String> both(List<String> unknown, List<String> duplicates) {
        return Stream.concat(unknown.stream(), duplicates.stream()).toList();
    }

    private static Object parse(PatchType type, byte[] body) {
        try {
            return type == PatchType.APPLY ? Json.readYaml(body) : Json.read(body);
        } catch (Json.MalformedException e) {
            throw Statuses.badRequest("error decoding patch: " + e.getMessage());
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> strings(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }

    private static KubeException refused(byte[] body, List<String> strict) {
        String message = "Invalid value: " + Json.text(new String(body, StandardCharsets.UTF_8).strip())
                + ": strict decoding error: " + String.join(", ", strict);
        Doc details = Doc.of(
                Map.of("causes", List.of(Map.of("reason", "FieldValueInvalid", "message", message, "field", "patch"))));
        return new KubeException(new Status(Status.INVALID, 422, " \"\" is invalid: patch: " + message, details));
    }

    private static void requireKind(Doc body, ResourceKind kind) {
        String version = body.text("apiVersion");
        String name = body.text("kind");
        if (!version.isEmpty() && !version.equals(kind.apiVersion())) {
            throw Statuses.badRequest("the API version in the data (" + version
                    + ") does not match the expected API version (" + kind.apiVersion() + ")");
        }
        if (!name.isEmpty() && !name.equals(kind.kind())) {
            throw Statuses.badRequest(name + " in version \"" + kind.version() + "\" cannot be handled as a "
                    + kind.kind() + ": converting (" + kind.version() + "." + name + ") to (" + kind.version() + "."
                    + kind.kind() + "): unknown conversion");
        }
    }

    private static KubeObject fitted(KubeObject object, ResourceKind kind, ApiPath path) {
        KubeObject fitted = object.with(kind.kind(), "kind").with(kind.apiVersion(), "apiVersion");
        if (kind.namespaced()) {
            if (!object.namespace().isEmpty() && !object.namespace().equals(path.namespace())) {
                throw Statuses.badRequest(
                        "the namespace of the provided object does not match the namespace sent on the request");
            }
            fitted = fitted.with(path.namespace(), METADATA, NAMESPACE);
        } else if (!object.namespace().isEmpty()) {
            fitted = fitted.without(METADATA, NAMESPACE);
        }
        if (path.name().isEmpty()) {
            return fitted;
        }
        if (!object.name().isEmpty() && !object.name().equals(path.name())) {
            throw Statuses.badRequest("the name of the object (" + object.name()
                    + ") does not match the name on the URL (" + path.name() + ")");
        }
        return fitted.with(path.name(), METADATA, "name");
    }

    private static String cannotBeHandled(ResourceKind kind) {
        return kind.kind() + " in version \"" + kind.version() + "\" cannot be handled as a " + kind.kind() + ": ";
    }
}
