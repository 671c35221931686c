package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.Mount;
import java.util.ArrayList;
import java.util.List;

/** Mounts from pairs of words. */
final class MountsOf {

    private MountsOf() {}

    static ContainerConfig config(String script, List<String> pairs) {
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            mounts.add(new Mount(pairs.get(i), pairs.get(i + 1), false));
        }
        return Pods.with(Pods.shell(script), List.of(), mounts, "");
    }
}
