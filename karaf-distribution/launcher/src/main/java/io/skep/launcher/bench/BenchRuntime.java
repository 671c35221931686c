package io.skep.launcher.bench;

import io.skep.launcher.host.UsageException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the bench's pods run on.
 *
 * @param name {@code process} or {@code cri}
 * @param image of the pods; processes need none
 * @param settings of the node, as {@code --set} takes them
 */
record BenchRuntime(String name, String image, List<String> settings) {

    BenchRuntime {
        if (!List.of("process", "cri").contains(name)) {
            throw new UsageException("'" + name + "' is no runtime to bench: it is process or cri");
        }
        settings = List.copyOf(settings);
    }

    boolean containers() {
        return name.equals("cri");
    }

    /** What the node is configured with beside {@code others}; its pods are not another node's on the same engine. */
    List<String> with(List<String> others) {
        List<String> all = new ArrayList<>(others);
        all.add("io.skep.edged:runtime.default=" + name);
        if (containers()) {
            all.add("io.skep.runtime.cri:owner=bench");
        }
        all.addAll(settings);
        return all;
    }
}
