package io.skep.kube.rest.internal.api;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.rest.internal.schema.FieldCheck;
import java.util.List;
import java.util.stream.Stream;

/** Reads objects out of requests and refuses those that don't fit path or schema. */
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
        return new Checked(fitted(new KubeObject(body), kind, path), warnings(request, kind, content));
    }

    /** What is posted to a subresource: an object of a kind of its own, {@code Binding} for instance. */
    Checked subresource(ApiRequest request) {
        ApiRequest.Content content = request.content();
        Doc body = content.document();
        String apiVersion = body.text("apiVersion");
        int slash = apiVersion.indexOf('/');
        ResourceKind kind = new ResourceKind(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                body.text("kind"),
                "",
                "",
                true,
                List.of(),
                List.of(),
                List.of());
        return new Checked(new KubeObject(body), warnings(request, kind, content));
    }

    /**
     * Warnings for an object.
     *
     * @throws KubeException for one that does not fit the schema
     */
    private List<String> warnings(ApiRequest request, ResourceKind kind, ApiRequest.Content content) {
        FieldCheck.Findings findings = fields.check(kind, content.document().asMap());
        if (!findings.mismatch().isEmpty()) {
            throw Statuses.badRequest(cannotBeHandled(kind) + findings.mismatch());
        }
        List<String> strict = both(findings.unknown(), content.duplicates());
        if (strict.isEmpty()) {
            return content.unknown();
        }
        return switch (request.query().fieldValidation()) {
            case STRICT ->
                throw Statuses.badRequest(
                        cannotBeHandled(kind) + "strict decoding error: " + String.join(", ", strict));
            case WARN -> both(content.unknown(), strict);
            case IGNORE -> content.unknown();
        };
    }

    private static List<String> both(List<String> unknown, List<String> duplicates) {
        return Stream.concat(unknown.stream(), duplicates.stream()).toList();
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
