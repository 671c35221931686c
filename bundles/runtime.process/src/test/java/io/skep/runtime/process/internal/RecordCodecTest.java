package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.RunAs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records outlive the release that wrote them, so their text stays as it is. */
class RecordCodecTest {

    private static final String SANDBOX = """
            {"id":"s1","created":"2026-01-02T03:04:05Z","bootId":"boot","stopped":true,
             "podName":"web","podNamespace":"shop","podUid":"u1","attempt":3,"hostname":"web-0",
             "logDirectory":"/var/log/pods/web","labels":{"app":"web"},"annotations":{"note":"kept"},
             "runtimeHandler":"","cgroupParent":"burstable/podu1","hostNetwork":%s}
            """;

    private static final String CONTAINER = """
            {"id":"c1","sandboxId":"s1","podUid":"u1","hostname":"web-0","created":"2026-01-02T03:04:05Z",
             "logFile":"/var/log/pods/web/app/2.log","namespaced":true,
             "name":"app","attempt":2,"image":"process","command":["/bin/sh","-c"],"args":["echo $A"],
             "workingDir":"/data","env":[["A","1"],["B",""]],
             "mounts":[["/srv/data","/data",true],["/srv/log","/log",false]],
             "labels":{"app":"web"},"annotations":{"note":"kept"},"logPath":"app/2.log",
             "resources":{"cpuMillis":500,"cpuShares":512,"memoryBytes":67108864,"oomScoreAdj":-7},
             "security":{"runAsUser":1000,"runAsGroup":1001,"supplementalGroups":[5,6],"privileged":false,
              "readOnlyRootFilesystem":true,"noNewPrivileges":true,"addCapabilities":["NET_ADMIN"],
              "dropCapabilities":["ALL"]}}
            """;

    @Test
    void sandboxStaysAsItWasWritten() {
        for (boolean hostNetwork : new boolean[] {true, false}) {
            String text = SANDBOX.formatted(hostNetwork);

            SandboxRecord read = RecordCodec.sandbox(text);

            assertThat(Json.read(RecordCodec.write(read))).isEqualTo(Json.read(text));
            assertThat(read.config().metadata()).isEqualTo(new PodSandboxConfig.Metadata("web", "shop", "u1", 3));
            assertThat(read.config().network().host()).isEqualTo(hostNetwork);
            assertThat(read.config().linux().cgroupParent()).isEqualTo("burstable/podu1");
        }
    }

    @Test
    void containerStaysAsItWasWritten() {
        ContainerRecord read = RecordCodec.container(CONTAINER);

        assertThat(Json.read(RecordCodec.write(read))).isEqualTo(Json.read(CONTAINER));
        ContainerConfig config = read.config();
        assertThat(config.metadata()).isEqualTo(new ContainerConfig.Metadata("app", 2));
        assertThat(config.program())
                .isEqualTo(new Program(
                        List.of("/bin/sh", "-c"),
                        List.of("echo $A"),
                        "/data",
                        List.of(new EnvVar("A", "1"), new EnvVar("B", ""))));
        assertThat(config.linux().resources()).isEqualTo(new Resources(500, 512, 64 << 20, -7));
        assertThat(config.linux().security())
                .isEqualTo(new SecurityContext(
                        new RunAs(Optional.of(1000L), Optional.of(1001L), List.of(5L, 6L)),
                        false,
                        true,
                        true,
                        new Capabilities(List.of("NET_ADMIN"), List.of("ALL")),
                        Confinement.NONE));
    }

    @Test
    void containerThatNamesNoUserStaysWithoutOne() {
        String text = CONTAINER.replace("\"runAsUser\":1000,\"runAsGroup\":1001,", "");

        assertThat(Json.read(RecordCodec.write(RecordCodec.container(text)))).isEqualTo(Json.read(text));
    }
}
