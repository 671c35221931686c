package io.skep.kube.embedded.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a list in pages goes on. Clients only hand it back, but it outlives the list it is about.
 *
 * <p>Source: Kubernetes {@code apiserver/pkg/storage/continue.go}.
 *
 * @param version the moment the list shows, {@value #NEWEST} for whatever there is when it is asked for
 * @param start namespace and name of the first object of the next page
 */
record ContinueToken(long version, String start) {

    static final long NEWEST = -1;

    private static final String FORM = "meta.k8s.io/v1";

    String text() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("v", FORM);
        tree.put("rv", version);
        tree.put("start", start);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.write(tree).getBytes(StandardCharsets.UTF_8));
    }

    /** What {@link #text} wrote; {@code BadRequest} for anything else. */
    static ContinueToken parse(String text) {
        Doc tree = tree(text);
        if (!tree.text("v").equals(FORM)) {
            throw invalid(": server does not recognize this encoded version " + tree.text("v"));
        }
        ContinueToken token = new ContinueToken(tree.number(0, "rv"), tree.text("start"));
        if (token.version() == 0) {
            throw invalid(": incorrect encoded start resourceVersion (version " + FORM + ")");
        }
        if (token.start().isEmpty()) {
            throw invalid(": encoded start key empty (version " + FORM + ")");
        }
        return token;
    }

    private static Doc tree(String text) {
        try {
            return Doc.of(Json.readObject(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException | KubeException e) {
            throw invalid(": " + e.getMessage());
        }
    }

    private static KubeException invalid(String why) {
        return new KubeException(
                Status.of(Status.BAD_REQUEST, 400, "invalid continue token: continue key is not valid" + why));
    }
}
