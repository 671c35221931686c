package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;

/** The refusals of the server itself, in the words of Kubernetes 1.31. */
final class Statuses {

    private Statuses() {}

    static KubeException badRequest(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }

    static KubeException unauthorized() {
        return new KubeException(Status.of(Status.UNAUTHORIZED, 401, "Unauthorized"));
    }

    static KubeException unknownPath() {
        return new KubeException(Status.of(Status.NOT_FOUND, 404, "the server could not find the requested resource"));
    }

    static KubeException methodNotAllowed() {
        return new KubeException(Status.of(
                Status.METHOD_NOT_ALLOWED, 405, "the server does not allow this method on the requested resource"));
    }

    static KubeException notAcceptable() {
        return new KubeException(
                Status.of(Status.NOT_ACCEPTABLE, 406, "only the following media types are accepted: application/json"));
    }

    static KubeException unsupportedMediaType(String accepted) {
        return new KubeException(Status.of(
                Status.UNSUPPORTED_MEDIA_TYPE,
                415,
                "the body of the request was in an unknown format - accepted media types include: " + accepted));
    }

    /** Only the newest state is kept to be listed. */
    static KubeException tooOld() {
        return new KubeException(
                Status.of(Status.EXPIRED, 410, "The resourceVersion for the provided list is too old."));
    }

    static KubeException tooLarge(int limit) {
        return new KubeException(Status.of(Status.TOO_LARGE, 413, "Request entity too large: limit is " + limit));
    }

    static KubeException notSupportedYet(ResourceKind kind, String subresource) {
        return new KubeException(Status.of(
                "NotImplemented",
                501,
                "the subresource " + kind.plural() + "/" + subresource + " is not supported yet"));
    }

    static KubeException tooManyWatches(int most) {
        return new KubeException(Status.of(
                Status.TOO_MANY_REQUESTS, 429, "too many watches are open: at most " + most + " are allowed"));
    }

    static KubeException noStore() {
        return new KubeException(
                Status.of(Status.SERVICE_UNAVAILABLE, 503, "the server is currently unable to handle the request"));
    }
}
