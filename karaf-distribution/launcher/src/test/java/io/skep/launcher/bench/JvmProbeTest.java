package io.skep.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JvmProbeTest {

    @Test
    void countsTheLoadersOfBundlesAndNamesClassesThatAreThereTwice() {
        JvmProbe.Held held = JvmProbe.parse("""
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:         21338        2003888  [B (java.base@17.0.17)
                   2:            69           9936  org.apache.felix.framework.BundleWiringImpl$BundleClassLoader
                   3:             1            100  io.skep.edged.internal.EdgedModule
                   4:             1            100  io.skep.edged.internal.EdgedModule
                   5:             1            100  io.skep.edgehub.internal.EdgeHub
                Total         21410        2014088
                """);

        assertThat(held).isEqualTo(new JvmProbe.Held(69, Map.of("io.skep.edged.internal.EdgedModule", 2)));
    }
}
