package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;

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
            assertThat(read.status("boot").podUid()).isEqualTo("u1");
            assertThat(read.status("boot").podNamespace()).isEqualTo("shop");
        }
    }

    @Test
    void containerStaysAsItWasWritten() {
        ContainerRecord read = RecordCodec.container(CONTAINER);

        assertThat(Json.read(RecordCodec.write(read))).isEqualTo(Json.read(CONTAINER));
        assertThat(Starter.words(read)).containsExactly("/bin/sh", "-c", "echo $A");
    }

    @Test
    void containerThatNamesNoUserStaysWithoutOne() {
        String text = CONTAINER.replace("\"runAsUser\":1000,\"runAsGroup\":1001,", "");

        assertThat(Json.read(RecordCodec.write(RecordCodec.container(text)))).isEqualTo(Json.read(text));
    }
}
