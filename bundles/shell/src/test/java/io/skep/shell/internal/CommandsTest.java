package io.skep.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleRegistry;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.WriteOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;

class CommandsTest {

    private static final String PODS = "[{\"namespace\":\"default\",\"name\":\"web\",\"phase\":\"Running\","
            + "\"ready\":\"1/1\",\"restarts\":0,\"reason\":\"\",\"startTime\":\"2026-01-01T00:00:00Z\"}]";
    private static final String LINK = "{\"state\":\"CONNECTED\",\"server\":\"cloud:10000\",\"node\":\"edge-1\","
            + "\"since\":\"2026-01-01T00:00:00Z\",\"outbox\":{\"status\":3}}";

    private final AnsweringBus bus = new AnsweringBus();
    private final InMemoryResourceStore store = new InMemoryResourceStore();

    private <T extends EdgeCommand> T on(T command) {
        command.bus = bus;
        return command;
    }

    @Test
    void podsOfTheNodeAreListed() throws Exception {
        bus.answer("edged", "pods", PODS);

        assertThat(Printed.by(on(new PodsCommand()))).contains("web", "1/1", "Running");
    }

    @Test
    void jsonIsTheModulesOwnAnswer() throws Exception {
        bus.answer("edged", "pods", PODS);
        PodsCommand command = on(new PodsCommand());
        command.json = true;

        assertThat(Json.read(Printed.by(command))).isEqualTo(Json.read(PODS));
    }

    @Test
    void anyModuleCanBeAsked() throws Exception {
        bus.answer("greeter", "Ada", "\"Hello Ada\"");
        AskCommand command = on(new AskCommand());
        command.module = "greeter";
        command.resource = "Ada";

        assertThat(Printed.by(command)).isEqualToIgnoringNewLines("Hello Ada");
        command.json = true;
        assertThat(Printed.by(command)).isEqualToIgnoringNewLines("\"Hello Ada\"");
    }

    @Test
    void podsOfANodeThatGoesDownAreEndedByEdged() throws Exception {
        bus.answer("edged", "shutdown", "\"OK\"");

        assertThat(Printed.by(on(new ShutdownCommand()))).contains("have ended");
    }

    @Test
    void linkShowsWhatWaits() throws Exception {
        bus.answer("websocket", "link", LINK);

        assertThat(Printed.by(on(new LinkCommand()))).contains("CONNECTED", "cloud:10000", "Waiting: status");
    }

    @Test
    void absentModuleIsNamedWithWhatToDo() {
        assertThatThrownBy(() -> Printed.by(on(new PodsCommand())))
                .isInstanceOf(CommandException.class)
                .hasMessage("module edged is not running here: see edge:modules, or use a process of the other role");
    }

    @Test
    void refusalKeepsItsReason() {
        bus.refuse("edged", "pods/default/none", new EdgeException(EdgeException.Reason.NOT_FOUND, "no pod none"));
        PodCommand command = on(new PodCommand());
        command.name = "none";

        assertThatThrownBy(() -> Printed.by(command)).hasMessage("edged refused: NotFound: no pod none");
    }

    @Test
    void processWithoutBusOrApiSaysWhatIsMissing() {
        assertThatThrownBy(() -> Printed.by(new BusCommand())).hasMessageContaining("edge-core");
        assertThatThrownBy(() -> Printed.by(new NodesCommand())).hasMessageContaining("no Kubernetes API");
        assertThatThrownBy(() -> Printed.by(new ModulesCommand())).hasMessageContaining("edge-core");
    }

    @Test
    void lossesAreShown() throws Exception {
        assertThat(Printed.by(on(new BusCommand()))).contains("Lost: no-recipient=2");
    }

    @Test
    void statusNamesWhatIsNotWell() {
        ModuleStatus well = status("edged", State.ACTIVE, Health.HEALTHY);
        ModuleStatus ill = status("websocket", State.ACTIVE, Health.unhealthy("NoCertificate", ""));
        ModuleStatus gone = status("metamanager", State.ABSENT, Health.HEALTHY);

        assertThat(StatusCommand.modules(List.of(well))).isEqualTo("1 active");
        assertThat(StatusCommand.modules(List.of(well, ill, gone)))
                .isEqualTo("3, not well: websocket NoCertificate, metamanager ABSENT");
    }

    private static ModuleStatus status(String name, State state, Health health) {
        return new ModuleStatus(name, "g", state, Instant.EPOCH, "b", 0, 0, health);
    }

    @Test
    void statusShowsOnlyWhatIsHere() throws Exception {
        bus.answer("edged", "pods", PODS);
        StatusCommand command = on(new StatusCommand());
        ModuleRegistry none = List::of;
        command.modules = none;

        assertThat(Printed.by(command)).contains("1, 1 running").doesNotContain("link");
    }

    @Test
    void metaOpensTextsThatAreJson() throws Exception {
        bus.answer("metamanager", "default/configmap/web", "[\"{\\\"kind\\\":\\\"ConfigMap\\\"}\"]");
        MetaCommand command = on(new MetaCommand());
        command.resource = "default/configmap/web";

        assertThat(Printed.by(command)).contains("kind: ConfigMap");
    }

    @Test
    void nodesAreShownWithTheirLinks() throws Exception {
        store.create(Kinds.NODE, "", KubeObject.of(Map.of("metadata", Map.of("name", "edge-1"))), WriteOptions.NONE);
        bus.answer(
                "cloudhub",
                "sessions",
                "[{\"node\":\"edge-1\",\"remote\":\"192.0.2.7:4711\",\"since\":\"2026-01-01T00:00:00Z\",\"queued\":4}]");
        NodesCommand command = on(new NodesCommand());
        command.store = store;

        assertThat(Printed.by(command)).contains("edge-1", "192.0.2.7:4711");
    }

    @Test
    void tokenIsPrintedBare() throws Exception {
        bus.answer("cloudhub", "token", "\"abc.def\"");

        assertThat(Printed.by(on(new TokenCommand()))).isEqualToIgnoringNewLines("abc.def");
    }

    @Test
    void objectIsPrintedAsYaml() throws Exception {
        store.create(
                Kinds.CONFIG_MAP,
                "default",
                KubeObject.of(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Map.of("name", "web", "namespace", "default"),
                        "data",
                        Map.of("port", "8080"))),
                WriteOptions.NONE);
        GetCommand command = on(new GetCommand());
        command.store = store;
        command.kindName = "cm";
        command.name = "web";
        command.output = "yaml";

        assertThat(Printed.by(command)).contains("kind: ConfigMap", "port: \"8080\"");
    }

    @Test
    void describedPodComesWithItsEventsAndNoOthers() throws Exception {
        create(Kinds.POD, Map.of("metadata", Map.of("name", "web", "namespace", "default")));
        create(Kinds.EVENT, event("web.1", "web", "Pulled"));
        create(Kinds.EVENT, event("api.1", "api", "BackOff"));

        assertThat(Printed.by(describe("pod", "web")))
                .contains("name: web", "Pulled")
                .doesNotContain("BackOff");
    }

    @Test
    void describedSecretTellsSizesOnly() throws Exception {
        create(
                Kinds.SECRET,
                Map.of(
                        "metadata",
                        Map.of("name", "db", "namespace", "default"),
                        "data",
                        Map.of("password", "aHVzaA==")));

        assertThat(Printed.by(describe("secret", "db")))
                .contains("password: 4 bytes")
                .doesNotContain("aHVzaA");
    }

    private void create(ResourceKind kind, Map<String, Object> object) {
        store.create(kind, "default", KubeObject.of(object), WriteOptions.NONE);
    }

    private static Map<String, Object> event(String name, String pod, String reason) {
        return Map.of(
                "metadata",
                Map.of("name", name, "namespace", "default"),
                "involvedObject",
                Map.of("kind", "Pod", "namespace", "default", "name", pod),
                "reason",
                reason);
    }

    private DescribeCommand describe(String kind, String name) {
        DescribeCommand command = on(new DescribeCommand());
        command.store = store;
        command.kindName = kind;
        command.name = name;
        return command;
    }

    @Test
    void unknownKindIsAnsweredWithTheKnownOnes() {
        GetCommand command = on(new GetCommand());
        command.store = store;
        command.kindName = "wombats";

        assertThatThrownBy(() -> Printed.by(command))
                .hasMessageStartingWith("the server doesn't have a resource type \"wombats\"")
                .hasMessageContaining("configmaps");
    }

    @Test
    void namesCompleteForTheKindOnTheLine() {
        store.create(Kinds.NODE, "", KubeObject.of(Map.of("metadata", Map.of("name", "edge-1"))), WriteOptions.NONE);
        ObjectNameCompleter completer = new ObjectNameCompleter();
        completer.store = store;

        assertThat(completer.names(List.of("cloud:get", "no", ""))).containsExactly("edge-1");
        assertThat(completer.names(List.of("cloud:get", "--json", ""))).isEmpty();
    }
}
