package io.skep.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.ObjectKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyTest {

    private static final String MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: web
            data:
              greeting: hello
              port: "8080"
            ---
            # nothing here
            ---
            apiVersion: v1
            kind: Secret
            metadata:
              name: web
              namespace: other
            stringData:
              password: secret
            """;

    @TempDir
    private Path folder;

    private final InMemoryResourceStore store = new InMemoryResourceStore();

    private String apply(String text) throws Exception {
        ApplyCommand command = new ApplyCommand();
        command.store = store;
        command.file = Files.writeString(folder.resolve("app.yaml"), text).toString();
        return Printed.by(command);
    }

    private Map<String, String> data() {
        return store.get(new ObjectKey(Kinds.CONFIG_MAP, "default", "web"))
                .doc()
                .textMap("data");
    }

    @Test
    void eachDocumentIsCreatedInItsNamespace() throws Exception {
        assertThat(apply(MAP)).isEqualToNormalizingNewlines("configmap/web created\nsecret/web created\n");

        assertThat(data()).containsEntry("greeting", "hello").containsEntry("port", "8080");
        assertThat(store.get(new ObjectKey(Kinds.SECRET, "other", "web")).name())
                .isEqualTo("web");
    }

    @Test
    void whatTheFileDropsIsTakenAway() throws Exception {
        apply(MAP);

        String said = apply(MAP.replace("  greeting: hello\n", "").replace("8080", "9090"));

        assertThat(said).startsWith("configmap/web configured");
        assertThat(data()).isEqualTo(Map.of("port", "9090"));
    }

    @Test
    void jsonIsYamlToo() throws Exception {
        apply(
                "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":["
                        + "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"web\"},\"data\":{\"a\":\"b\"}}]}");

        assertThat(data()).isEqualTo(Map.of("a", "b"));
    }

    @Test
    void unknownKindAndBrokenTextAreOneLine() {
        assertThatThrownBy(() -> apply("apiVersion: v9\nkind: Thing\nmetadata: {name: a}\n"))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("no matches for kind \"Thing\" in version \"v9\"");
        assertThatThrownBy(() -> apply("a: [\n"))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("neither YAML nor JSON")
                .message()
                .doesNotContain("\n");
    }
}
