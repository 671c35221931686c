package io.skep.edged.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.module.FakeModuleContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {

    private final List<String> begun = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>();
    private final Jobs jobs = new Jobs() {
        @Override
        public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
            begun.add(key);
            ends.add(() -> then.accept(null, null));
        }
    };

    private void work(Gate gate, String... keys) {
        for (String key : keys) {
            gate.work(key, () -> "", (result, error) -> {});
        }
    }

    @Test
    void onlySoManyAreUnderWay() {
        work(new Gate(jobs, 2), "a", "b", "c");
        assertThat(begun).containsExactly("a", "b");

        ends.get(1).run();

        assertThat(begun).containsExactly("a", "b", "c");
    }

    @Test
    void thoseOfOneKeyWaitForEachOtherAndHoldNobodyElseBack() {
        work(new Gate(jobs, 2), "a", "a", "b");
        assertThat(begun).containsExactly("a", "b");

        ends.get(0).run();

        assertThat(begun).containsExactly("a", "b", "a");
    }

    @Test
    void errorOfAJobOpensTheGateToo() throws Exception {
        FakeModuleContext module = new FakeModuleContext("edged");
        List<Exception> heard = new ArrayList<>();
        try (OwnThreads threads = new OwnThreads(module)) {
            new Gate(threads, 1)
                    .work(
                            "a",
                            () -> {
                                throw new NoClassDefFoundError("gone");
                            },
                            (result, error) -> heard.add(error));
            while (heard.isEmpty()) {
                module.runWork();
                Thread.onSpinWait();
            }
        }

        assertThat(heard.get(0)).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    }
}
