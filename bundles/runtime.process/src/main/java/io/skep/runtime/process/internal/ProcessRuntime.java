package io.skep.runtime.process.internal;

import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.Execution;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import io.skep.runtime.api.RegistryAuth;
import io.skep.runtime.api.RuntimeInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Pods as processes of the operating system that survive this bundle and this JVM. The image of a container is not looked
 * at: its command says all. When the bundle stops, everything runs on; the next one adopts it.
 */
@Component(
        service = {PodRuntime.class, MetricSource.class},
        configurationPid = ProcessRuntimeConfig.PID,
        property = PodRuntime.NAME + "=process")
@Designate(ocd = ProcessRuntimeConfig.class)
public final class ProcessRuntime implements PodRuntime, MetricSource {

    private static final String VERSION = "1.0.0";

    private final Tools tools;
    private final Cgroups cgroups;
    private final Sandboxes sandboxes;
    private final Containers containers;
    private final Executions executions;
    private final Usage usage;
    private final Events events = new Events();
    private final Ends ends;
    private final Caretaker caretaker;
    private final int damaged;

    @Activate
    public ProcessRuntime(BundleContext context, ProcessRuntimeConfig config) throws IOException {
        this(ProcessRuntimeSettings.from(config, dataFolder(context)), Machine.ofThisOne());
    }

    ProcessRuntime(ProcessRuntimeSettings settings, Machine machine) throws IOException {
        Layout layout = Layout.create(settings.folder());
        Scripts.install(layout.bin());
        this.tools = machine.tools();
        this.cgroups = Cgroups.of(machine.cgroups(), settings.cgroupParent());
        ProcFiles proc = new ProcFiles(machine.proc());
        Namespaces namespaces = new Namespaces(tools, layout.bin(), settings.namespaces());
        Steps steps = new Steps(tools, layout.bin(), namespaces);
        Killer killer = new Killer(proc, cgroups, steps);
        this.ends = new Ends(proc, cgroups, killer, events);
        this.executions = new Executions(steps, cgroups, killer, tools, layout.bin());
        this.usage = new Usage(proc, cgroups);
        Adoption.LogFactory logs = (folder, record) -> new ContainerLog(
                folder, new CriLog(record.logFile(), settings.logBytes(), settings.logFiles()), tools.punch());
        Adoption adoption = new Adoption(layout, proc, killer, logs);
        this.sandboxes = new Sandboxes(layout, proc.bootId(), adoption.sandboxes());
        this.containers = new Containers(
                layout,
                settings.maxContainers(),
                namespaces,
                logs,
                new Starter(steps, cgroups, proc),
                killer,
                ends,
                events,
                adoption.containers());
        this.damaged = adoption.damaged();
        this.caretaker = new Caretaker(layout.exits(), settings.logPoll(), containers::all, containers::byId, ends);
        containers.all().forEach(ends::check);
        caretaker.start();
        if (settings.outputLimitBytes() > 0) {
            new Janitor(tools, layout, proc).start(settings.outputLimitBytes(), Duration.ofSeconds(30));
        }
    }

    /** Leaves everything running. */
    @Deactivate
    void stop() {
        caretaker.close();
        containers.close();
        events.close();
    }

    @Override
    public RuntimeInfo info() {
        if (tools.find("setsid").isEmpty()) {
            return new RuntimeInfo(
                    "process", VERSION, false, "SetsidMissing", "the program setsid (util-linux) is not here");
        }
        return new RuntimeInfo(
                "process", VERSION, true, "", "processes of this machine; limits by cgroup: " + cgroups.describe());
    }

    @Override
    public String runPodSandbox(PodSandboxConfig config) throws ContainerException {
        if (!config.runtimeHandler().isEmpty()) {
            throw new ContainerException(
                    ContainerException.Code.INVALID,
                    "plain processes have no handlers, the pod wants \"" + config.runtimeHandler() + "\"");
        }
        return Attempt.call("run sandbox", () -> {
            SandboxRecord record = sandboxes.create(config);
            events.tell(sandboxes.event(ContainerEvent.Type.STARTED, record));
            return record.id();
        });
    }

    @Override
    public void stopPodSandbox(String sandboxId) throws ContainerException {
        Attempt.run("stop sandbox " + sandboxId, () -> {
            for (ProcessContainer each : containers.of(sandboxId)) {
                containers.stop(each, Duration.ZERO);
            }
            sandboxes
                    .stop(sandboxId)
                    .ifPresent(record -> events.tell(sandboxes.event(ContainerEvent.Type.STOPPED, record)));
        });
    }

    @Override
    public void removePodSandbox(String sandboxId) throws ContainerException {
        stopPodSandbox(sandboxId);
        Attempt.run("remove sandbox " + sandboxId, () -> {
            for (ProcessContainer each : containers.of(sandboxId)) {
                containers.remove(each);
            }
            sandboxes
                    .remove(sandboxId)
                    .ifPresent(record -> events.tell(sandboxes.event(ContainerEvent.Type.DELETED, record)));
        });
    }

    @Override
    public Optional<PodSandboxStatus> podSandboxStatus(String sandboxId) {
        return sandboxes.find(sandboxId).map(sandboxes::status);
    }

    @Override
    public List<PodSandboxStatus> listPodSandboxes() {
        return sandboxes.all().stream().map(sandboxes::status).toList();
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config) throws ContainerException {
        return Attempt.call("create container " + config.metadata().name(), () -> {
            SandboxRecord sandbox = sandboxes.ready(sandboxId);
            return containers.create(sandbox, config).id();
        });
    }

    @Override
    public void startContainer(String containerId) throws ContainerException {
        Attempt.run("start container " + containerId, () -> {
            containers.start(containers.require(containerId));
        });
    }

    @Override
    public void stopContainer(String containerId, Duration grace) throws ContainerException {
        Attempt.run("stop container " + containerId, () -> {
            Optional<ProcessContainer> container = containers.byId(containerId);
            if (container.isPresent()) {
                containers.stop(container.get(), grace);
            }
        });
    }

    @Override
    public boolean askToStop(String containerId) throws ContainerException {
        Attempt.run("ask container " + containerId + " to stop", () -> {
            Optional<ProcessContainer> container = containers.byId(containerId);
            if (container.isPresent()) {
                containers.askToStop(container.get());
            }
        });
        return true;
    }

    @Override
    public void removeContainer(String containerId) throws ContainerException {
        Attempt.run("remove container " + containerId, () -> {
            Optional<ProcessContainer> container = containers.byId(containerId);
            if (container.isPresent()) {
                containers.remove(container.get());
            }
        });
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) {
        return containers.byId(containerId).map(ProcessContainer::status);
    }

    @Override
    public List<ContainerStatus> listContainers() {
        return containers.all().stream().map(ProcessContainer::status).toList();
    }

    @Override
    public ExecResult execSync(String containerId, List<String> command, Duration timeout) throws ContainerException {
        return Attempt.call(
                "run a command in container " + containerId,
                () -> executions.run(forCommand(containerId, command), command, timeout));
    }

    @Override
    public Execution exec(String containerId, ExecRequest request) throws ContainerException {
        return Attempt.call(
                "run a command in container " + containerId,
                () -> executions.begin(forCommand(containerId, request.command()), request));
    }

    private ProcessContainer forCommand(String containerId, List<String> command) throws ContainerException {
        ProcessContainer container = containers.require(containerId);
        if (!container.running()) {
            throw new ContainerException(Code.FAILED, "container " + containerId + " is not running");
        }
        if (command.isEmpty()) {
            throw new ContainerException(Code.INVALID, "no command to run in container " + containerId);
        }
        return container;
    }

    @Override
    public List<ContainerStats> listContainerStats() {
        return usage.of(
                containers.all().stream().filter(ProcessContainer::running).toList());
    }

    /** Any image is here: nothing is looked at but the command. */
    @Override
    public Optional<Image> imageStatus(String image) {
        return Optional.of(named(image));
    }

    @Override
    public String pullImage(String image, Optional<RegistryAuth> auth) {
        return image;
    }

    @Override
    public List<Image> listImages() {
        return containers.all().stream()
                .map(each -> each.record().config().image().reference())
                .distinct()
                .map(this::named)
                .toList();
    }

    /** A container that names no user runs as we do. */
    private Image named(String image) {
        return new Image(image, List.of(image), 0, Long.toString(tools.uid()), false);
    }

    @Override
    public void removeImage(String image) {
        // There is nothing to remove.
    }

    @Override
    public Subscription subscribe(Consumer<ContainerEvent> listener) {
        return events.subscribe(listener);
    }

    @Override
    public List<Sample> samples() {
        long running =
                containers.all().stream().filter(ProcessContainer::running).count();
        return ProcessRuntimeMetrics.of(running, containers.all().size(), ends, caretaker, damaged);
    }

    private static Path dataFolder(BundleContext context) {
        String folder = context.getProperty("karaf.data");
        return Path.of(folder == null ? "data" : folder);
    }
}
