package io.skep.edged.internal.spec;

import io.skep.core.api.EdgeException;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.link.Ref;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.RegistryAuth;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Credentials for a pod's images, from its {@code imagePullSecrets}.
 *
 * <p>Source: Kubernetes {@code pkg/credentialprovider}: the entry whose registry, and path if it has one, the image begins
 * with; the longest one if there are several.
 */
public final class PullSecrets {

    private static final String DOCKER_HUB = "docker.io";

    private PullSecrets() {}

    /** The secrets to have at hand. */
    public static List<Ref> references(Pod pod) {
        return pod.spec().objects("imagePullSecrets").stream()
                .map(secret -> secret.text("name"))
                .filter(name -> !name.isEmpty())
                .map(name -> Ref.secret(pod.namespace(), name))
                .toList();
    }

    /** The credentials for an image, or empty when no secret knows its registry. */
    public static Optional<RegistryAuth> auth(String image, List<Ref> refs, Map<Ref, Doc> objects) {
        String wanted = withRegistry(image);
        String best = "";
        Optional<RegistryAuth> found = Optional.empty();
        for (Ref ref : refs) {
            for (Map.Entry<String, Doc> entry : entries(objects.getOrDefault(ref, Doc.EMPTY))) {
                String registry = normal(entry.getKey());
                boolean fits = wanted.equals(registry) || wanted.startsWith(registry + "/");
                if (fits && registry.length() > best.length()) {
                    best = registry;
                    found = credentials(entry.getValue());
                }
            }
        }
        return found;
    }

    private static List<Map.Entry<String, Doc>> entries(Doc secret) {
        Doc modern = parsed(secret.text("data", ".dockerconfigjson")).object("auths");
        Doc all = modern.isEmpty() ? parsed(secret.text("data", ".dockercfg")) : modern;
        List<Map.Entry<String, Doc>> entries = new ArrayList<>();
        all.asMap().keySet().forEach(key -> entries.add(Map.entry(key, all.object(key))));
        return entries;
    }

    private static Optional<RegistryAuth> credentials(Doc entry) {
        String user = entry.text("username");
        String password = entry.text("password");
        if (user.isEmpty()) {
            String[] pair = decoded(entry.text("auth")).split(":", 2);
            user = pair[0];
            password = pair.length == 2 ? pair[1] : "";
        }
        String token = entry.text("registrytoken");
        return user.isEmpty() && token.isEmpty()
                ? Optional.empty()
                : Optional.of(new RegistryAuth(user, password, token));
    }

    /** A damaged secret has no credentials: the pull then says that the registry refused. */
    private static Doc parsed(String base64) {
        try {
            return base64.isEmpty() ? Doc.EMPTY : Json.object(decoded(base64));
        } catch (EdgeException e) {
            return Doc.EMPTY;
        }
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String withRegistry(String image) {
        String first = image.split("/", 2)[0];
        boolean registry =
                image.contains("/") && (first.contains(".") || first.contains(":") || first.equals("localhost"));
        return registry ? image : DOCKER_HUB + "/" + image;
    }

    private static String normal(String registry) {
        String bare = registry.replaceFirst("^https?://", "").replaceFirst("(/v[12])?/?$", "");
        return bare.equals("index.docker.io") || bare.equals("registry-1.docker.io") ? DOCKER_HUB : bare;
    }
}
