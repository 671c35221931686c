package io.skep.kube.rest.internal.api;

import java.util.Optional;

/** What a request wants to do, in Kubernetes' words. */
enum Verb {
    GET("get"),
    LIST("list"),
    WATCH("watch"),
    CREATE("create"),
    UPDATE("update"),
    PATCH("patch"),
    DELETE("delete"),
    DELETE_COLLECTION("deletecollection"),
    OTHER("other");

    private final String word;

    Verb(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Verb of(ApiRequest request, Optional<ApiPath> path) {
        boolean collection = path.map(p -> p.name().isEmpty()).orElse(false);
        boolean subresource = path.map(p -> !p.subresource().isEmpty()).orElse(false);
        return switch (request.method()) {
            case "GET", "HEAD" ->
                path.isPresent() && !subresource && request.query().flag("watch") ? WATCH : collection ? LIST : GET;
            case "POST" -> collection || subresource ? CREATE : OTHER;
            case "PUT" -> collection ? OTHER : UPDATE;
            case "PATCH" -> collection ? OTHER : PATCH;
            case "DELETE" -> collection ? DELETE_COLLECTION : DELETE;
            default -> OTHER;
        };
    }
}
