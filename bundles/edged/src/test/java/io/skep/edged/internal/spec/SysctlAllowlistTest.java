package io.skep.edged.internal.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.edged.internal.link.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlAllowlistTest {

    private static Optional<String> objection(String unsafe, String name, String shared) {
        return SysctlAllowlist.of(unsafe)
                .objection(Pod.of(
                        Json.object("{\"spec\":{\"" + shared + "\":true,\"securityContext\":{\"sysctls\":[{\"name\":\""
                                + name + "\",\"value\":\"1\"}]}}}")));
    }

    @ParameterizedTest
    @CsvSource({
        "'', kernel.shm_rmid_forced",
        "'', net/ipv4/tcp_fin_timeout",
        "kernel.shmmax, kernel/shmmax",
        "' net.core.*, kernel/msg* ', net.core.somaxconn",
        "'net.core.*,kernel/msg*', kernel.msgmnb"
    })
    void safeAndAllowedOnesAreTheirPods(String unsafe, String name) {
        assertThat(objection(unsafe, name, "hostPID")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', net.core.somaxconn", "kernel.msg*, kernel.shmmax", "net.core.*, net.core", "'', kernel.panic"})
    void othersAreNot(String unsafe, String name) {
        assertThat(objection(unsafe, name, "hostPID")).contains("\"" + name + "\" not allowlisted");
    }

    // The node would be set, not the pod.
    @Test
    void namespaceOfTheNodeIsLeftAlone() {
        assertThat(objection("", "net.ipv4.tcp_syncookies", "hostNetwork"))
                .contains("\"net.ipv4.tcp_syncookies\" not allowed with host Net enabled");
        assertThat(objection("kernel.msg*", "kernel.msgmax", "hostIPC"))
                .contains("\"kernel.msgmax\" not allowed with host IPC enabled");
        assertThat(objection("", "net.ipv4.tcp_syncookies", "hostIPC")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm.swappiness", "*", "net*", "net.*.x", "Kernel.shmmax", "kernel..shmmax"})
    void settingsOfTheWholeNodeAndWhatIsNoNameCannotBeAllowed(String unsafe) {
        assertThatThrownBy(() -> SysctlAllowlist.of(unsafe))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("allowed.unsafe.sysctls must be")
                .hasMessageEndingWith("has " + unsafe);
    }
}
