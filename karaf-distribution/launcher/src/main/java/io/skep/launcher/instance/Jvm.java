package io.skep.launcher.instance;

import io.skep.launcher.host.LauncherException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line of an instance's JVM. Karaf's own script can use neither a class-data archive nor a small heap well:
 * {@code --patch-module} forbids the archive, so its two patched jars go on the class path instead.
 *
 * @param instance what is run
 * @param archive class-data archive of this distribution, JVM and role
 */
public record Jvm(Instance instance, Path archive) {

    /**
     * Steps in which the heap grows and shrinks: each time that it grew, the next collection is one of the whole, and what is
     * less than a step above what is needed stays.
     */
    private static final int HEAP_STEP_MEGABYTES = 4;

    /** One in so many parts of the heap is for new objects. */
    private static final int YOUNG_SHARE = 20;

    /** Start level of a process whose role is installed: Karaf's features service, above it, has nothing to do there. */
    private static final int INSTALLED = 90;

    private static final List<String> OPENED =
            List.of("java.base/java.security", "java.base/java.net", "java.base/java.lang", "java.base/java.util");
    private static final List<String> EXPORTED = List.of(
            "java.base/sun.net.www.protocol.file",
            "java.base/sun.net.www.protocol.http",
            "java.base/sun.net.www.protocol.https",
            "java.base/sun.net.www.protocol.jar");

    public static Jvm of(Instance instance) {
        String name =
                instance.role().id() + "-" + Runtime.version().toString().replaceAll("[^A-Za-z0-9.]", "_") + ".jsa";
        return new Jvm(instance, instance.home().archives().resolve(name));
    }

    /** The whole command. */
    List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(memory());
        command.addAll(classData());
        OPENED.forEach(p -> command.add("--add-opens=" + p + "=ALL-UNNAMED"));
        EXPORTED.forEach(p -> command.add("--add-exports=" + p + "=ALL-UNNAMED"));
        properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
        String extra = System.getenv("SKEP_JAVA_OPTS");
        if (extra != null && !extra.isBlank()) {
            command.addAll(List.of(extra.trim().split("\\s+")));
        }
        command.add("-cp");
        command.add(classPath());
        command.add("org.apache.karaf.main.Main");
        return command;
    }

    /**
     * One small collector, one compiler, small stacks: measured to cost least on two cores. The young generation is
     * bounded because the old one only ever grows by what it promotes; soft references (indexes of jars, above all) go at
     * the next full collection instead of minutes later, and what a start needed more is given back at the first. Code that
     * runs a few hundred times, as most of a start does, is not worth its compilation; what malloc holds on to is given back
     * (unknown to a JDK 17 before 17.0.9 and to 18–20, an experiment to some after that).
     */
    private List<String> memory() {
        int heap = instance.role().heapMegabytes();
        return List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms24m",
                "-XX:MinHeapDeltaBytes=" + HEAP_STEP_MEGABYTES + "m",
                "-Xmx" + heap + "m",
                "-Xss512k",
                "-XX:MaxNewSize=" + heap / YOUNG_SHARE + "m",
                "-XX:SoftRefLRUPolicyMSPerMB=10",
                "-XX:MinHeapFreeRatio=5",
                "-XX:MaxHeapFreeRatio=15",
                "-XX:-ShrinkHeapInSteps",
                "-XX:CompileThresholdScaling=4",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:TrimNativeHeapInterval=60000",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError");
    }

    /**
     * An archive is used where it was made for: moved elsewhere, as a JVM does by default against attackers who know
     * addresses, each of its pages is written to and belongs to this process alone (50 MB of 60, measured). A training
     * instance writes the archive at the end of its second run: the first loads what only installing needs, and some
     * classes twice, which then are left out.
     */
    private List<String> classData() {
        List<String> flags = List.of(
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off");
        if (instance.folder().startsWith(archive.getParent())) {
            return instance.bundles().isInstalled() ? concat(flags, "-XX:ArchiveClassesAtExit=" + archive) : flags;
        }
        return archived() ? concat(flags, "-XX:SharedArchiveFile=" + archive) : flags;
    }

    private static List<String> concat(List<String> flags, String more) {
        return Stream.concat(flags.stream(), Stream.of(more)).toList();
    }

    /** Whether there is an archive made from this very distribution. */
    public boolean archived() {
        return Files.exists(archive) && newerThanDistribution();
    }

    private boolean newerThanDistribution() {
        try {
            return Files.getLastModifiedTime(archive)
                            .compareTo(Files.getLastModifiedTime(instance.home()
                                    .distribution()
                                    .resolve("etc")
                                    .resolve("startup.properties")))
                    > 0;
        } catch (IOException e) {
            throw new LauncherException("cannot read " + archive + ": " + e, e);
        }
    }

    private Map<String, String> properties() {
        Path distribution = instance.home().distribution();
        Map<String, String> properties = new java.util.LinkedHashMap<>();
        properties.put("karaf.home", distribution.toString());
        properties.put("karaf.base", instance.folder().toString());
        properties.put("karaf.data", instance.data().toString());
        properties.put("karaf.etc", instance.etc().toString());
        properties.put("karaf.log", instance.log().getParent().toString());
        properties.put("karaf.instances", instance.folder().resolve("instances").toString());
        properties.put("java.io.tmpdir", instance.temporary().toString());
        properties.put(
                "java.util.logging.config.file",
                instance.etc().resolve("java.util.logging.properties").toString());
        if (instance.bundles().isInstalled()) {
            properties.put("skep.start.level", Integer.toString(INSTALLED));
        }
        // Of a role that could not be installed, on a full disk say, the next start makes a new attempt; a process
        // would wait.
        properties.put("karaf.require.successful.features.boot", "true");
        properties.put("karaf.startLocalConsole", "false");
        properties.put("karaf.startRemoteShell", "true");
        // A SIGTERM stops an instance; nobody needs a further door for it.
        properties.put("karaf.shutdown.port", "-1");
        // The SSH server needs nothing of it, and looking for it loads a whole provider.
        properties.put("org.apache.sshd.security.provider.BC.enabled", "false");
        // Half a megabyte of tables for buffers that are shared, for one connection on this machine.
        properties.put("io.netty.allocator.type", "unpooled");
        // No configuration, no port: without this the whiteboard opens 8080 on all addresses before it is configured.
        properties.put("org.apache.felix.http.require.config", "true");
        return properties;
    }

    private String classPath() {
        Path lib = instance.home().distribution().resolve("lib");
        try (Stream<Path> boot = Files.list(lib.resolve("boot"));
                Stream<Path> jdk = Files.list(lib.resolve("jdk9plus"));
                Stream<Path> endorsed = Files.list(lib.resolve("endorsed"))) {
            return Stream.of(boot, jdk, endorsed.filter(p -> p.toString().contains("locator")))
                    .flatMap(s -> s)
                    .map(Path::toString)
                    .filter(p -> p.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new LauncherException("the distribution is not complete: " + e, e);
        }
    }

    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Starts it detached from our terminal, its output in {@code data/log/console.log}, and records its pid. */
    void start(Map<String, String> environment) {
        Path console = instance.log().resolveSibling("console.log");
        List<String> command = command();
        Path setsid = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(setsid)) {
            command.add(0, setsid.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(instance.folder().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(console.toFile());
        builder.environment().putAll(environment);
        // glibc keeps an arena a thread otherwise, which costs a small process a tenth of its memory.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
        // Said explicitly, the limit does not grow with what was freed, and freed memory goes back to the system.
        builder.environment().putIfAbsent("MALLOC_TRIM_THRESHOLD_", "131072");
        try {
            Files.createDirectories(console.getParent());
            PidFile.write(instance.pidFile(), builder.start().toHandle());
        } catch (IOException e) {
            throw new LauncherException("cannot start instance '" + instance.name() + "': " + e, e);
        }
    }
}
