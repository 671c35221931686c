package io.skep.edgecontroller.internal.dynamic;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;

/** The failures this module itself answers with. */
final class Refusals {

    private Refusals() {}

    static KubeException badRequest(String why) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, why));
    }

    static KubeException tooLarge(String why) {
        return new KubeException(Status.of(Status.TOO_LARGE, 413, why));
    }

    static KubeException unknownResource() {
        return new KubeException(Status.of(Status.NOT_FOUND, 404, "the server could not find the requested resource"));
    }

    /** Worded as the real server words it, so that clients show it well. */
    static KubeException forbidden(String node, String verb, ResourceKind kind, String why) {
        return new KubeException(Status.of(
                Status.FORBIDDEN,
                403,
                kind.qualifiedPlural() + " is forbidden: User \"system:node:" + node + "\" cannot " + verb
                        + " resource \"" + kind.plural() + "\" in API group \"" + kind.group() + "\": " + why));
    }

    static Status unavailable(String why) {
        return Status.of(Status.SERVICE_UNAVAILABLE, 503, why);
    }

    static Status tooMany(String why) {
        return Status.of(Status.TOO_MANY_REQUESTS, 429, why);
    }
}
