package io.skep.runtime.process.internal;

import java.nio.file.Path;

/**
 * The machine as we see it.
 *
 * @param tools its programs
 * @param proc where its processes are shown
 * @param cgroups where its control groups are
 */
record Machine(Tools tools, Path proc, Path cgroups) {

    static Machine ofThisOne() {
        return new Machine(Tools.ofThisMachine(), Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }
}
