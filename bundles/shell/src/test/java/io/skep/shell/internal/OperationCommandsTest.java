package io.skep.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.operation.SwapOperation.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.karaf.shell.support.CommandException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class OperationCommandsTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    /** Ends every operation at once, as the test says. */
    private static final class PromptOperations implements ModuleOperations {
        private final List<String> asked = new ArrayList<>();
        private final List<SwapOperation> ended = new ArrayList<>();
        private Outcome outcome = Outcome.SUCCEEDED;
        private String reason = "";

        private CompletionStage<SwapOperation> end(Kind kind, String module, String what) {
            asked.add(what);
            SwapOperation operation = new SwapOperation(
                    "20260101-120000-000",
                    kind,
                    module,
                    outcome,
                    reason,
                    NOON,
                    NOON,
                    "io.skep.edged/1.0.0",
                    "io.skep.edged/1.1.0",
                    "",
                    Duration.ofMillis(42),
                    List.of(new Step("check", NOON, "")));
            ended.add(operation);
            return CompletableFuture.completedFuture(operation);
        }

        @Override
        public CompletionStage<SwapOperation> upgrade(String module, PackageSource source, boolean force) {
            return end(
                    Kind.UPGRADE,
                    module,
                    (source.address() + " " + source.checksum() + " " + force).replace("  ", " "));
        }

        @Override
        public CompletionStage<SwapOperation> install(PackageSource source) {
            return end(Kind.INSTALL, "", source.address());
        }

        @Override
        public CompletionStage<SwapOperation> remove(String module) {
            return end(Kind.REMOVE, module, module);
        }

        @Override
        public CompletionStage<SwapOperation> rollback(String module) {
            return end(Kind.ROLLBACK, module, module);
        }

        @Override
        public List<SwapOperation> list() {
            return ended;
        }
    }

    private final PromptOperations operations = new PromptOperations();

    private ModuleUpgradeCommand upgrade(String file) {
        ModuleUpgradeCommand command = new ModuleUpgradeCommand();
        command.operations = operations;
        command.name = "edged";
        command.file = file;
        return command;
    }

    @Test
    void upgradeSaysWhatWasReplacedAndForHowLongNothingFlowed() throws Exception {
        assertThat(Printed.by(upgrade("/tmp/x/../new.jar")))
                .contains("upgrade of edged succeeded: io.skep.edged/1.0.0 -> io.skep.edged/1.1.0")
                .contains("no message for 42 ms");
        assertThat(operations.asked).containsExactly("/tmp/new.jar false");
    }

    @Test
    void mavenAddressIsLeftAsItIs() throws Exception {
        Printed.by(upgrade("mvn:io.skep/edged/1.1.0"));

        assertThat(operations.asked).containsExactly("mvn:io.skep/edged/1.1.0 false");
    }

    @Test
    void checksumTheOperatorToldGoesWithTheAddress() throws Exception {
        ModuleUpgradeCommand command = upgrade("/new.jar");
        command.checksum = "AB".repeat(32);

        Printed.by(command);

        assertThat(operations.asked).containsExactly("/new.jar " + "ab".repeat(32) + " false");
    }

    // A script must see a roll-back by the command's failing.
    @Test
    void operationThatDidNotSucceedFailsTheCommandWithItsReason() {
        operations.outcome = Outcome.ROLLED_BACK;
        operations.reason = "the module was not healthy";

        assertThatThrownBy(() -> Printed.by(upgrade("/new.jar")))
                .isInstanceOf(CommandException.class)
                .hasMessage("upgrade of edged was rolled back: the module was not healthy");
    }

    @Test
    void operationsAreListedAndFilteredByModule() throws Exception {
        operations.upgrade("edged", "a", false);
        operations.remove("metamanager");
        OperationsCommand command = new OperationsCommand();
        command.operations = operations;

        assertThat(Printed.by(command)).contains("UPGRADE", "SUCCEEDED", "42 ms", "metamanager");
        command.module = "edged";
        assertThat(Printed.by(command)).doesNotContain("metamanager");
        command.json = true;
        assertThat(Json.read(Printed.by(command)))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .singleElement()
                .isInstanceOfSatisfying(
                        Map.class, tree -> assertThat(tree.get("kind")).isEqualTo("UPGRADE"));
    }

    @Test
    void processWithoutAModuleHostSaysWhatIsMissing() {
        assertThatThrownBy(() -> Printed.by(new OperationsCommand())).hasMessageContaining("edge-core");
    }
}
