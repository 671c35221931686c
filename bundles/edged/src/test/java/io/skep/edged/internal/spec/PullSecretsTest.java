package io.skep.edged.internal.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.link.Ref;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.RegistryAuth;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PullSecretsTest {

    private static final Ref REF = Ref.secret("default", "registry");

    private static Optional<RegistryAuth> auth(String image, String auths) {
        Doc secret =
                Json.object("{\"data\":{\".dockerconfigjson\":\"" + base64("{\"auths\":{" + auths + "}}") + "\"}}");
        return PullSecrets.auth(image, List.of(REF), Map.of(REF, secret));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void secretOfTheImagesRegistryIsUsed() {
        String auths = "\"registry.example:5000\":{\"auth\":\"" + base64("me:se:cret") + "\"}";

        assertThat(auth("registry.example:5000/app:1", auths)).contains(new RegistryAuth("me", "se:cret", ""));
        assertThat(auth("elsewhere.example/app:1", auths)).isEmpty();
        assertThat(auth("registry.example:50000/app:1", auths)).isEmpty();
    }

    @Test
    void entryOfALongerPathIsTheBetterOne() {
        String auths = "\"r.example\":{\"username\":\"all\",\"password\":\"1\"},"
                + "\"https://r.example/team\":{\"username\":\"team\",\"password\":\"2\"}";

        assertThat(auth("r.example/team/app", auths)).contains(new RegistryAuth("team", "2", ""));
        assertThat(auth("r.example/other/app", auths)).contains(new RegistryAuth("all", "1", ""));
    }

    @Test
    void imageWithoutRegistryIsDockerHubs() {
        String auths = "\"https://index.docker.io/v1/\":{\"username\":\"hub\",\"password\":\"p\"}";

        assertThat(auth("busybox", auths)).contains(new RegistryAuth("hub", "p", ""));
        assertThat(auth("library/busybox:1", auths)).contains(new RegistryAuth("hub", "p", ""));
    }

    @Test
    void damagedSecretHasNoCredentials() {
        Doc damaged = Json.object("{\"data\":{\".dockerconfigjson\":\"" + base64("no json") + "\"}}");

        assertThat(PullSecrets.auth("a.example/b", List.of(REF), Map.of(REF, damaged)))
                .isEmpty();
        assertThat(PullSecrets.auth("a.example/b", List.of(REF), Map.of())).isEmpty();
    }
}
