package io.skep.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Sysctls.Namespace;
import org.junit.jupiter.api.Test;

class SysctlsTest {

    // A network device's name may hold a dot, which is then not between parts.
    @Test
    void firstSeparatorSaysWhichIsOne() {
        assertThat(Sysctls.dotted("kernel.shm_rmid_forced")).isEqualTo("kernel.shm_rmid_forced");
        assertThat(Sysctls.dotted("kernel/shm_rmid_forced")).isEqualTo("kernel.shm_rmid_forced");
        assertThat(Sysctls.dotted("net/ipv4/conf/eno2.100/rp_filter")).isEqualTo("net.ipv4.conf.eno2/100.rp_filter");
        assertThat(Sysctls.dotted("net.ipv4.conf.eno2/100.rp_filter")).isEqualTo("net.ipv4.conf.eno2/100.rp_filter");
    }

    @Test
    void namespaceOfASettingIsKnown() {
        assertThat(Sysctls.namespace("net/core/somaxconn")).contains(Namespace.NET);
        assertThat(Sysctls.namespace("kernel.shmmax")).contains(Namespace.IPC);
        assertThat(Sysctls.namespace("fs.mqueue.msg_max")).contains(Namespace.IPC);
        assertThat(Sysctls.namespace("kernel.panic")).isEmpty();
        assertThat(Sysctls.namespace("network")).isEmpty();
    }
}
