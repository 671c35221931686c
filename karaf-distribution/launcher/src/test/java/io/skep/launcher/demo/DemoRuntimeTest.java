package io.skep.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoRuntimeTest {

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();

    private DemoRuntime choose(String wanted) {
        return DemoRuntime.choose(wanted, folder.resolve("no.sock").toString(), folder, said::add);
    }

    @Test
    void withoutAnEngineTheAppIsAProcessAndTheReasonIsOneLine() {
        DemoRuntime chosen = choose("auto");

        assertThat(chosen.image()).isEmpty();
        assertThat(chosen.settings()).containsExactly("io.skep.edged:runtime.default=process");
        assertThat(said)
                .singleElement()
                .asString()
                .contains("there is no containerd at " + folder.resolve("no.sock"))
                .hasLineCount(1);
    }

    @Test
    void whoWantsProcessesIsToldNothing() {
        assertThat(choose("process").image()).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void whoInsistsOnContainersIsRefusedWhereThereAreNone() {
        assertThatThrownBy(() -> choose("cri"))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("there is no containerd");
        assertThatThrownBy(() -> choose("osgi")).isInstanceOf(UsageException.class);
    }
}
