package io.skep.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.vmOption;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleRegistry;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.itests.system.TestSystem;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;

/** The edge role of the shipped distribution, in its own JVM, without a cloud. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class EdgeRoleIT {

    private static final List<String> MODULES = List.of("edged", "edgestream", "metamanager", "websocket");

    private static final String NODE = "exam";
    private static final String POD = "default/pod/steady";

    @Inject
    private BundleContext context;

    @Inject
    private MessageBus bus;

    @Inject
    private ModuleRegistry modules;

    @Configuration
    public Option[] edge() {
        return options(
                karafDistributionConfiguration()
                        // By file: verify installs nothing, so there is no such artifact in a fresh local repository.
                        .frameworkUrl(new File(System.getProperty("skep.archive"))
                                .toURI()
                                .toString())
                        .karafVersion(System.getProperty("skep.karaf.version"))
                        .unpackDirectory(new File("target/exam"))
                        .useDeployFolder(false),
                keepRuntimeFolder(),
                configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
                editConfigurationFilePut("etc/org.apache.karaf.features.cfg", "featuresBoot", "edge-node,edge-stream"),
                editConfigurationFilePut("etc/org.apache.felix.http.cfg", "org.apache.felix.http.name", "skep"),
                editConfigurationFilePut("etc/org.apache.felix.http.cfg", "org.apache.felix.http.host", "127.0.0.1"),
                editConfigurationFilePut(
                        "etc/org.apache.felix.http.cfg",
                        "org.osgi.service.http.port",
                        Integer.toString(TestSystem.freePort())),
                editConfigurationFilePut("etc/io.skep.edgehub.cfg", "node.name", NODE),
                editConfigurationFilePut("etc/io.skep.edged.cfg", "node.name", NODE),
                vmOption("--add-opens=java.base/java.security=ALL-UNNAMED"),
                vmOption("--add-opens=java.base/java.net=ALL-UNNAMED"),
                vmOption("--add-opens=java.base/java.lang=ALL-UNNAMED"),
                vmOption("--add-opens=java.base/java.util=ALL-UNNAMED"),
                vmOption("--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED"),
                vmOption("--add-opens=java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED"),
                vmOption("--add-exports=java.base/sun.net.www.protocol.file=ALL-UNNAMED"),
                vmOption("--add-exports=java.base/sun.net.www.protocol.http=ALL-UNNAMED"),
                vmOption("--add-exports=java.base/sun.net.www.protocol.https=ALL-UNNAMED"),
                vmOption("--add-exports=java.base/sun.net.www.protocol.jar=ALL-UNNAMED"),
                vmOption("-Djava.security.manager=allow"),
                vmOption("-Dorg.apache.felix.http.require.config=true"));
    }

    @Test
    public void everyBundleOfOursIsActive() {
        await("all bundles active", () -> ours().allMatch(b -> b.getState() == Bundle.ACTIVE));
    }

    // What weaves adds dynamic imports, and where two threads are the first to use one, a class may stay broken for
    // good.
    @Test
    public void classesRunAsTheyWereBuilt() {
        assertNull(context.getServiceReference(WeavingHook.class));
    }

    @Test
    public void everyModuleIsRegisteredAndActive() {
        await(
                "modules active",
                () -> modules.list().stream()
                        .filter(m -> m.state() == State.ACTIVE)
                        .map(ModuleStatus::name)
                        .toList()
                        .containsAll(MODULES));
    }

    // The mailbox belongs to the bus: what is sent while the bundle is replaced is answered by the new one.
    @Test
    public void metaManagerAnswersEveryQueryWhileItsBundleIsUpdated() throws Exception {
        await("metamanager active", () -> active("metamanager"));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        Thread asking = new Thread(() -> {
            while (!stop.get()) {
                asked.incrementAndGet();
                Message question = Message.of(Route.of("itest", "meta", Operation.QUERY, "default/pod"), Content.EMPTY);
                if (!bus.sendSync("metamanager", question, Duration.ofSeconds(20))
                        .isError()) {
                    answered.incrementAndGet();
                }
            }
        });
        asking.start();
        try {
            for (int i = 0; i < 5; i++) {
                int before = answered.get();
                bundle("io.skep.metamanager").update();
                await("answers after update " + i, () -> answered.get() > before + 10);
            }
        } finally {
            stop.set(true);
            asking.join(30_000);
        }

        assertEquals(asked.get(), answered.get());
    }

    @Test
    public void eachModuleComesBackAfterItsBundleIsUpdated() throws Exception {
        for (String name : List.of("edgehub", "metamanager", "edged")) {
            bundle("io.skep." + name).update();
        }

        await("modules active again", () -> MODULES.stream().allMatch(this::active));
    }

    // Containers belong to their runtime: what replaces a module must not so much as look at them.
    @Test
    public void podOutlivesTheUpdateOfEachModule() throws Exception {
        await("modules active", () -> MODULES.stream().allMatch(this::active));
        Path pids = Path.of(System.getProperty("karaf.base"), "steady.pids");
        Files.deleteIfExists(pids);
        bus.send("metamanager", fromCloud(Operation.INSERT, pod(pids)));
        await("pod started", () -> lines(pids).size() == 1);
        String pid = lines(pids).get(0).strip();
        try {
            for (String name : List.of("edgehub", "metamanager", "edged")) {
                bundle("io.skep." + name).update();
                await("modules active after " + name, () -> MODULES.stream().allMatch(this::active));
                await("pod Running after " + name, this::podRuns);
                assertEquals(
                        List.of(pid), lines(pids).stream().map(String::strip).toList());
                assertTrue(isAlive(pid));
            }
        } finally {
            bus.send("metamanager", fromCloud(Operation.DELETE, pod(pids)));
        }
        await("process gone", () -> !isAlive(pid));
    }

    private boolean podRuns() {
        Message question = Message.of(Route.of("itest", "edged", Operation.QUERY, "pods"), Content.EMPTY);
        Message answer = bus.sendSync("edged", question, Duration.ofSeconds(20));
        return !answer.isError()
                && answer.content().json().contains("\"steady\"")
                && answer.content().json().contains("Running");
    }

    private static Message fromCloud(String operation, String json) {
        return Message.of(Route.of("edgecontroller", "resource", operation, POD), new Content.Json(json));
    }

    private static String pod(Path pids) {
        return """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "steady", "namespace": "default", "uid": "4f3c9a52-0f0e-4f5e-9b6c-1f2f3f4f5f6f",
                   "resourceVersion": "5", "creationTimestamp": "2026-01-01T00:00:00Z"},
                 "spec": {"nodeName": "%s", "hostNetwork": true, "runtimeClassName": "process",
                   "terminationGracePeriodSeconds": 1, "restartPolicy": "Always",
                   "containers": [{"name": "main", "image": "none",
                     "command": ["/bin/sh", "-c", "echo $$$$ >> %s; exec sleep 86400"]}]}}""".formatted(NODE, pids);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAlive(String pid) {
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }

    private boolean active(String module) {
        return modules.list().stream().anyMatch(m -> m.name().equals(module) && m.state() == State.ACTIVE);
    }

    private Bundle bundle(String name) {
        return ours().filter(b -> b.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("bundle " + name + " is not installed"));
    }

    private java.util.stream.Stream<Bundle> ours() {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().startsWith("io.skep."));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not seen within 120 s: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
