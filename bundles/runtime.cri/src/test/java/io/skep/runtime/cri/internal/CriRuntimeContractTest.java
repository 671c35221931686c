package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodRuntimeContract;
import io.skep.runtime.api.RuntimeInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers of a real engine keep the contract. */
class CriRuntimeContractTest extends PodRuntimeContract {

    @RegisterExtension
    final RealEngine engine = RealEngine.shared();

    @Override
    protected PodRuntime runtime() {
        return engine.runtime();
    }

    @Override
    protected String image() {
        return RealEngine.IMAGE;
    }

    @Override
    protected String running(String name) throws ContainerException {
        return engine.ready(started(name, "/bin/sh", "-c", RealEngine.RUN_ON));
    }

    @Test
    void engineSaysWhatItIs() throws Exception {
        RuntimeInfo info = runtime().info();

        assertThat(info.name()).isIn("containerd", "cri-o");
        assertThat(info.ready()).as(info.message()).isTrue();
    }
}
