package io.skep.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

class ProvisioningTest {

    private static final int STARTED = 90;

    private final Map<String, Object> commands = new HashMap<>();
    private int level = STARTED;
    private int features = 15;

    private final Provisioning provisioning = new Provisioning(
            proxy(FrameworkStartLevel.class, (proxy, method, args) -> switch (method.getName()) {
                case "getStartLevel" -> level;
                case "setStartLevel" -> {
                    level = (int) args[0];
                    commands.put("feature:list", (Function) (session, words) -> "listed " + words);
                    yield null;
                }
                default -> throw new UnsupportedOperationException(method.toString());
            }),
            bundle("org.apache.karaf.features.core"));

    private final CommandSession session =
            proxy(CommandSession.class, (proxy, method, args) -> switch (method.getName()) {
                case "get" -> commands.get(args[0]);
                default -> throw new UnsupportedOperationException(method.toString());
            });

    private final SleepingCommands shell = new SleepingCommands(provisioning);

    private Bundle bundle(String name) {
        BundleStartLevel start = proxy(BundleStartLevel.class, (proxy, method, args) -> switch (method.getName()) {
            case "getStartLevel" -> features;
            case "setStartLevel" -> features = (int) args[0];
            default -> throw new UnsupportedOperationException(method.toString());
        });
        return proxy(Bundle.class, (proxy, method, args) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "adapt" -> start;
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void featuresServiceGetsALevelAboveTheProcess() {
        assertThat(features).isEqualTo(Provisioning.LEVEL).isGreaterThan(STARTED);
    }

    @Test
    void commandOfTheFeaturesServiceWakesItAndIsRunWithItsWords() throws Exception {
        assertThat(shell.execute(session, List.of("feature:list", "-i"))).isEqualTo("listed [-i]");

        assertThat(level).isEqualTo(features);
    }

    // An operator may have raised the process to Karaf's own level by hand.
    @Test
    void nothingWakesInAProcessAtAHigherLevel() {
        level = 100;

        assertThatThrownBy(() -> shell.execute(session, List.of("feature:lst")))
                .hasMessage("Command not found: feature:lst");

        assertThat(level).isEqualTo(100);
    }

    @Test
    void otherUnknownCommandsWakeNothing() {
        assertThatThrownBy(() -> shell.execute(session, List.of("featre:list")))
                .isInstanceOf(CommandException.class)
                .hasMessage("Command not found: featre:list");

        assertThat(level).isEqualTo(STARTED);
    }

    @Test
    void commandThatIsNotThereThoughAllIsAwakeIsUnknownAtOnce() {
        provisioning.wake();

        assertThatThrownBy(() -> shell.execute(session, List.of("feature:lst")))
                .hasMessage("Command not found: feature:lst");
    }

    @Test
    void repositoryOfFeaturesThatIsDeployedWakesIt() {
        DeployedFeatures deployed = new DeployedFeatures(provisioning);

        assertThat(deployed.canHandle(new File("deploy/module.jar"))).isFalse();
        assertThat(level).isEqualTo(STARTED);

        assertThat(deployed.canHandle(new File("deploy/features.xml"))).isFalse();
        assertThat(level).isEqualTo(features);
    }
}
