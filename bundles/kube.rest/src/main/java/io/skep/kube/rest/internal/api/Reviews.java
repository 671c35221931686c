package io.skep.kube.rest.internal.api;

import io.skep.kube.api.Doc;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.rest.internal.auth.User;
import io.skep.kube.rest.internal.discovery.ApiResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Questions a client asks about itself: {@code kubectl auth can-i}, {@code kubectl auth whoami}. Nothing is kept. */
final class Reviews {

    private static final String AUTHORIZATION = "authorization.k8s.io";
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final List<String> CREATE = List.of("create");

    private static final ResourceKind ACCESS =
            kind(AUTHORIZATION, "SelfSubjectAccessReview", "selfsubjectaccessreviews");
    private static final ResourceKind RULES = kind(AUTHORIZATION, "SelfSubjectRulesReview", "selfsubjectrulesreviews");
    private static final ResourceKind SELF = kind(AUTHENTICATION, "SelfSubjectReview", "selfsubjectreviews");

    private Reviews() {}

    private static ResourceKind kind(String group, String kind, String plural) {
        String singular = plural.substring(0, plural.length() - 1);
        return new ResourceKind(group, "v1", kind, plural, singular, false, List.of(), List.of(), List.of());
    }

    /** For discovery. */
    static List<ApiResource> resources() {
        return Stream.of(ACCESS, RULES, SELF)
                .map(kind -> new ApiResource(kind, CREATE))
                .toList();
    }

    static boolean isReview(ApiPath path) {
        return isAt(path, ACCESS) || isAt(path, RULES) || isAt(path, SELF);
    }

    private static boolean isAt(ApiPath path, ResourceKind kind) {
        return path.group().equals(kind.group())
                && path.version().equals(kind.version())
                && path.resource().equals(kind.plural())
                && path.name().isEmpty();
    }

    static Answer answer(ApiRequest request, ApiPath path) {
        if (!request.method().equals("POST")) {
            throw Statuses.methodNotAllowed();
        }
        if (request.view().form() != View.Form.OBJECT) {
            throw Statuses.notAcceptable();
        }
        Doc question = request.document();
        if (isAt(path, RULES)) {
            return rules(question, request.user());
        }
        return isAt(path, ACCESS) ? access(question, request.user()) : self(request.user());
    }

    /** What {@link Authorization} and {@link ServerPaths} let through. */
    private static Answer rules(Doc question, User user) {
        if (question.text("spec", "namespace").isEmpty()) {
            throw Statuses.badRequest("no namespace on request");
        }
        List<String> all = List.of("*");
        Map<String, Object> status = new LinkedHashMap<>();
        if (user.isMaster()) {
            status.put("resourceRules", List.of(Map.of("verbs", all, "apiGroups", all, "resources", all)));
            status.put("nonResourceRules", List.of(Map.of("verbs", all, "nonResourceURLs", all)));
        } else {
            status.put(
                    "resourceRules",
                    Stream.of(ACCESS, RULES, SELF)
                            .map(kind -> Map.of(
                                    "verbs",
                                    CREATE,
                                    "apiGroups",
                                    List.of(kind.group()),
                                    "resources",
                                    List.of(kind.plural())))
                            .toList());
            status.put(
                    "nonResourceRules", List.of(Map.of("verbs", List.of("get"), "nonResourceURLs", ServerPaths.ROOTS)));
        }
        status.put("incomplete", false);
        return answer(RULES, Map.of("spec", Map.of(), "status", status));
    }

    private static Answer access(Doc question, User user) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("allowed", user.isMaster());
        if (!user.isMaster()) {
            status.put("reason", "user is not in group " + User.MASTERS);
        }
        return answer(ACCESS, Map.of("spec", question.object("spec").asMap(), "status", status));
    }

    private static Answer self(User user) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("username", user.name());
        info.put("groups", user.groups());
        return answer(SELF, Map.of("status", Map.of("userInfo", info)));
    }

    private static Answer answer(ResourceKind kind, Map<String, Object> parts) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("creationTimestamp", null);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", kind.kind());
        tree.put("apiVersion", kind.apiVersion());
        tree.put("metadata", metadata);
        tree.putAll(parts);
        return Answer.json(201, tree);
    }
}
