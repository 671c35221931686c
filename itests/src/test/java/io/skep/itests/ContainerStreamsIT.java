package io.skep.itests;

import io.skep.runtime.cri.internal.Containerd;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The same of containers, which the engine serves itself: a containerd of the test's own. Skipped where there can be none. */
class ContainerStreamsIT extends PodStreamsContract {

    private Containerd containerd;

    @Override
    protected String name() {
        return "containerstreams";
    }

    @Override
    protected String runtime() {
        return "cri";
    }

    @Override
    protected String image() {
        return Containerd.IMAGE;
    }

    @Override
    protected List<String> settings(Path folder) throws Exception {
        containerd = Containerd.start(folder.resolve("containerd"));
        return List.of(
                "io.skep.edged:runtime.default=cri",
                "io.skep.runtime.cri:socket=" + containerd.socket(),
                "io.skep.runtime.cri:owner=containerstreams");
    }

    @Override
    @AfterAll
    void close() {
        super.close();
        if (containerd != null) {
            containerd.stop();
        }
    }
}
