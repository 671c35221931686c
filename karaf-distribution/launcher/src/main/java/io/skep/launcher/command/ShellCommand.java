package io.skep.launcher.command;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Jvm;
import io.skep.launcher.instance.PidFile;
import io.skep.launcher.instance.Ports;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "shell",
        description = "Opens the Karaf shell of a running instance, or runs one command in it.",
        mixinStandardHelpOptions = true)
public final class ShellCommand implements Callable<Integer> {

    @Option(names = "--name", description = "Name of the instance; default: the only one, or edge")
    private String name;

    @Parameters(arity = "0..*", description = "a command; none opens the shell")
    private List<String> command = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return run(Home.fromSystem().pick(name, "edge", "site", "cloud"), command);
    }

    /** Runs one command in a running instance on our own terminal, or opens the shell when there is none; returns its exit code. */
    static int run(Instance instance, List<String> command) throws IOException, InterruptedException {
        ProcessHandle jvm = instance.process()
                .orElseThrow(() -> new LauncherException(doesNotRun(instance) + "; start it with 'skep up'"));
        ProcessBuilder client = client(instance, command);
        if (command.isEmpty()) {
            return client.inheritIO().start().waitFor();
        }
        client.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = client.start();
        try (var in = process.outputWriter()) {
            in.write(String.join(" ", command));
            in.newLine();
        }
        int code = process.waitFor();
        if (outlived(code, jvm)) {
            throw new LauncherException(ended(instance));
        }
        return code;
    }

    /** Karaf's client ends with 0 also when it never heard how the command ended, as its JVM was gone. */
    static boolean outlived(int code, ProcessHandle jvm) {
        return code == 0 && !PidFile.runs(jvm);
    }

    private static String doesNotRun(Instance instance) {
        return "instance '" + instance.name() + "' does not run";
    }

    private static String ended(Instance instance) {
        return "instance '" + instance.name() + "' ended while the command ran; see " + instance.log();
    }

    /** What a command printed, and how it ended: with 0 if well. */
    public record Answer(int code, String text) {}

    /** What one command prints in a running instance; it must end well. */
    public static String output(Instance instance, List<String> command) {
        Answer answer = ask(instance, command);
        if (answer.code() != 0) {
            throw new LauncherException(
                    String.join(" ", command) + " failed: " + answer.text().strip());
        }
        return answer.text();
    }

    /** Runs one command in a running instance. */
    public static Answer ask(Instance instance, List<String> command) {
        Optional<ProcessHandle> jvm = instance.process();
        if (jvm.isEmpty()) {
            return new Answer(1, doesNotRun(instance));
        }
        try {
            Process process =
                    client(instance, command).redirectErrorStream(true).start();
            try (var in = process.outputWriter()) {
                in.write(String.join(" ", command));
                in.newLine();
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            return outlived(code, jvm.get()) ? new Answer(1, text + ended(instance)) : new Answer(code, text);
        } catch (IOException e) {
            throw new LauncherException("cannot run the shell of '" + instance.name() + "': " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted in the shell of '" + instance.name() + "'", e);
        }
    }

    /** Karaf's own client; it finds user and password in the instance's {@code etc/users.properties}. */
    private static ProcessBuilder client(Instance instance, List<String> command) throws IOException {
        Path distribution = instance.home().distribution();
        List<String> line = new ArrayList<>(List.of(
                Jvm.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dkaraf.home=" + distribution,
                "-Dkaraf.base=" + instance.folder(),
                "-Dkaraf.etc=" + instance.etc(),
                "-cp",
                clientClassPath(distribution),
                "org.apache.karaf.client.Main"));
        line.addAll(List.of("-a", Integer.toString(Ports.of(instance, "org.apache.karaf.shell", "sshPort"))));
        line.addAll(List.of("-h", "127.0.0.1", "-r", "3", "-l", "0"));
        if (!command.isEmpty()) {
            // Said beforehand, a terminal that cannot be had is no reason for a warning among the command's output.
            line.add(1, "-Dorg.jline.terminal.dumb=true");
            line.add("-b");
        }
        return new ProcessBuilder(line);
    }

    private static String clientClassPath(Path distribution) throws IOException {
        List<String> wanted = List.of(
                "org/apache/karaf/org.apache.karaf.client",
                "org/apache/karaf/shell",
                "org/apache/karaf/jaas",
                "org/apache/sshd",
                "org/jline");
        List<Path> jars = new ArrayList<>();
        for (String folder : wanted) {
            Path root = distribution.resolve("system").resolve(folder);
            if (Files.isDirectory(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(f -> f.toString().endsWith(".jar")).forEach(jars::add);
                }
            }
        }
        try (Stream<Path> boot = Files.list(distribution.resolve("lib/boot"))) {
            boot.filter(f -> f.toString().endsWith(".jar")).forEach(jars::add);
        }
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
