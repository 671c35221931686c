package io.skep.kube.rest.internal.api;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.auth.User;

/** Who may do what: {@code system:masters} everything, anybody else nothing. */
final class Authorization {

    private Authorization() {}

    static void require(User user, Verb verb, ApiPath path) {
        if (!user.isMaster()) {
            throw forbidden(user, verb, path);
        }
    }

    private static KubeException forbidden(User user, Verb verb, ApiPath path) {
        String qualified = path.group().isEmpty() ? path.resource() : path.resource() + "." + path.group();
        String resource = path.subresource().isEmpty() ? path.resource() : path.resource() + "/" + path.subresource();
        String scope =
                path.namespace().isEmpty() ? "at the cluster scope" : "in the namespace \"" + path.namespace() + "\"";
        String message = qualified + (path.name().isEmpty() ? "" : " \"" + path.name() + "\"")
                + " is forbidden: User \"" + user.name() + "\" cannot " + verb.word() + " resource \"" + resource
                + "\" in API group \"" + path.group() + "\" " + scope;
        Doc details = Doc.EMPTY.with(path.resource(), "kind");
        return new KubeException(new Status(
                Status.FORBIDDEN, 403, message, path.name().isEmpty() ? details : details.with(path.name(), "name")));
    }
}
