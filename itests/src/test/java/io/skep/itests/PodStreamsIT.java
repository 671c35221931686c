package io.skep.itests;

import java.nio.file.Path;
import java.util.List;

/** Logs and commands of processes. */
class PodStreamsIT extends PodStreamsContract {

    @Override
    protected String name() {
        return "podstreams";
    }

    @Override
    protected String runtime() {
        return "process";
    }

    @Override
    protected String image() {
        return "none";
    }

    @Override
    protected List<String> settings(Path folder) {
        return List.of();
    }
}
