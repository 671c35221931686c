package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;
import static io.skep.bus.internal.SwapFixture.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.seen.Seen;
import io.skep.bus.internal.swap.SettingChange;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;

/** A module's settings changed under supervision. */
class SettingSwapTest extends SwapTest {

    @Test
    void settingWithWhichAModuleIsUnhealthyIsTakenBackWithTheSameHandoverAndNothingIsLost() throws Exception {
        swaps.close();
        swaps = swaps(SHORT);
        send(0, 100);
        until("treated", () -> Seen.MESSAGES.size() == 100);

        assertThat(swaps.configure("m", new Reconfigured("be unhealthy"))).isTrue();
        send(100, 150);

        SwapOperation seen = seen();
        assertThat(seen.kind()).isEqualTo(Kind.CONFIGURE);
        assertThat(seen.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(seen.reason()).contains("mood: well -> ill refused: ").contains("Sick it hurts");
        until("all messages treated", () -> Seen.MESSAGES.size() == 150);
        assertThat(Seen.MESSAGES).isEqualTo(resources(150));
        // The old instance goes on until it is taken away; what it left then goes to both successors.
        assertThat(Seen.STARTS).hasSize(3);
        assertThat(Seen.STARTS.get(2).replace("1.2.0 ", ""))
                .isEqualTo(Seen.STARTS.get(1).replace("1.1.0 ", ""));
    }

    @Test
    void whatWasChangedAgainBeforeItCouldBeTakenBackIsNotSaidToBeBack() throws Exception {
        swaps.close();
        swaps = swaps(SHORT);
        Reconfigured change = new Reconfigured("be unhealthy");
        change.changedAgain = true;

        assertThat(swaps.configure("m", change)).isTrue();

        SwapOperation seen = seen();
        assertThat(seen.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(seen.reason())
                .contains("mood: well -> ill refused: ")
                .endsWith("changed again meanwhile, and that is tried now");
    }

    /** A module that does something else after a change of its settings; here that takes another bundle. */
    private final class Reconfigured implements SettingChange {
        private Path next;
        private boolean changedAgain;

        Reconfigured(String does) throws IOException {
            next = framework.jar(NAME, "1.1.0", does);
        }

        @Override
        public String what() {
            return "mood: well -> ill";
        }

        @Override
        public Optional<String> await(Duration limit, BooleanSupplier abort) {
            try (InputStream in = Files.newInputStream(next)) {
                bundle.update(in);
            } catch (IOException | BundleException e) {
                return Optional.of(e.toString());
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> failure() {
            return Optional.empty();
        }

        @Override
        public void accept() {}

        @Override
        public boolean restore() throws IOException {
            next = framework.jar(NAME, "1.2.0", "nothing wrong");
            return !changedAgain;
        }
    }
}
