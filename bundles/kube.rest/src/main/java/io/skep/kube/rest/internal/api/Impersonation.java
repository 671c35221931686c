package io.skep.kube.rest.internal.api;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.auth.User;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Who the one who asks wants to be taken for: {@code kubectl --as}. Only masters may, and what they ask is then allowed or
 * refused as to the other.
 *
 * <p>Source: Kubernetes {@code apiserver/pkg/endpoints/filters/impersonation.go}.
 */
final class Impersonation {

    private static final String USER = "Impersonate-User";
    private static final String GROUP = "Impersonate-Group";
    private static final String PREFIX = "impersonate-";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String AUTHENTICATED = "system:authenticated";
    private static final String UNAUTHENTICATED = "system:unauthenticated";

    private Impersonation() {}

    static User of(HttpServletRequest http, User asking) {
        String name = http.getHeader(USER);
        if (name == null || name.isEmpty()) {
            if (Collections.list(http.getHeaderNames()).stream()
                    .anyMatch(header -> header.regionMatches(true, 0, PREFIX, 0, PREFIX.length()))) {
                throw new KubeException(Status.of(
                        Status.INTERNAL_ERROR, 500, "Internal error occurred: requested without impersonating a user"));
            }
            return asking;
        }
        if (!asking.isMaster()) {
            throw forbidden(asking, name);
        }
        return new User(name, groups(name, Collections.list(http.getHeaders(GROUP))));
    }

    private static List<String> groups(String name, List<String> asked) {
        List<String> groups = new ArrayList<>(asked);
        String[] account = name.split(":", -1);
        if (asked.isEmpty() && name.startsWith(ACCOUNT) && account.length == 4) {
            groups.add("system:serviceaccounts");
            groups.add("system:serviceaccounts:" + account[2]);
        }
        if (Collections.disjoint(groups, Set.of(AUTHENTICATED, UNAUTHENTICATED))) {
            groups.add(name.equals(User.ANONYMOUS.name()) ? UNAUTHENTICATED : AUTHENTICATED);
        }
        return groups;
    }

    private static KubeException forbidden(User asking, String name) {
        return new KubeException(new Status(
                Status.FORBIDDEN,
                403,
                "users \"" + name + "\" is forbidden: User \"" + asking.name()
                        + "\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope",
                Doc.EMPTY.with(name, "name").with("users", "kind")));
    }
}
