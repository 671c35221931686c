package io.skep.runtime.process.internal;

import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodRuntimeContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Processes of this machine keep the contract. */
class ProcessRuntimeContractTest extends PodRuntimeContract {

    @TempDir
    private Path folder;

    private RuntimeUnderTest runtime;

    @BeforeEach
    void open() throws IOException {
        runtime = new RuntimeUnderTest(folder);
    }

    @AfterEach
    void removeEverything() throws Exception {
        runtime.removeEverything();
    }

    @Override
    protected PodRuntime runtime() {
        return runtime.runtime();
    }
}
